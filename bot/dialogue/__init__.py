"""The Rasa runtime: load the model, run actions in process, take one turn."""
