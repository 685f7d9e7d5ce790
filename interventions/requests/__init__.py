"""What is asked: service requests, who asked, their photos, states and moves."""
