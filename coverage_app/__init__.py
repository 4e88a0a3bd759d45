"""Does a payer's policy cover intraoperative radiotherapy in this case, and which sentence says so."""
