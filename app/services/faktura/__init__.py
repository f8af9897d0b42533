"""What is to be invoiced: from decisions and settlements to lines, and from lines to the finance system's file."""
