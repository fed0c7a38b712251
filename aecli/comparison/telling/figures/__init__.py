"""Pictures of a comparison, drawn without any display."""
