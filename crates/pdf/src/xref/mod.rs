//! Cross references.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {}
