"""The technician's telephone (`/terrain/`): captures that wait in the browser until the server has them."""
