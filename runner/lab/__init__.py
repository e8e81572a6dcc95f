"""Lab hosts: their images, how they come and go, the channels and shells into them."""
