//! Typeset documents: certification report and demonstration contract.
