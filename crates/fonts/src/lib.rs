//! The typefaces Vermilion draws with.
