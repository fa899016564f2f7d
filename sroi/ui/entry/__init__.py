"""What is started. Apart from ``pages``: a folder of that name beside the script would be run without the shell."""
