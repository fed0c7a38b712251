"""How it is said: tables, words, formats, figures and the report; decides nothing."""
