"""What requests amount to: counted, over a period and a place, from the very rows the list shows."""
