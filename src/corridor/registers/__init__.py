"""One file per subject: the statements people make about it, and the register they fold into."""
