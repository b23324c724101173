"""What a partnership's knowledge is: its types, its records and the knowledge itself."""
