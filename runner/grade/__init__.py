"""A class: who is in it, what they hand in, how it is judged anew, and the gradebook."""
