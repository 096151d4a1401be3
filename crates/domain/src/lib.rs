//! The product's rules and state machines, with no input or output.
