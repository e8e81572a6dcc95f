"""The program: course files, labs, the learner's record, and the faces over them."""
