"""What a learner does with a lesson: the one core under the screen, the command line and proofs."""
