"""The platform's outer wall: addresses, the control API, the courier, and the two ways in (in process and HTTP)."""
