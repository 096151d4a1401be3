//! The typefaces Vermilion draws with: Noto Sans SC and Noto Serif SC (SIL Open Font License 1.1).
//!
//! They are linked into the program, so that a document looks the same wherever it is typeset, and are
//! subset whenever they are embedded in a PDF. `scripts/fetch-fonts` brings them from a pinned package.

/// Noto Sans SC Regular, an OpenType font with CFF outlines.
pub static SANS: &[u8] = include_bytes!("../assets/NotoSansSC-Regular.otf");

/// Noto Serif SC Regular, an OpenType font with CFF outlines.
pub static SERIF: &[u8] = include_bytes!("../assets/NotoSerifSC-Regular.otf");

/// The licence under which both are redistributed.
pub static LICENCE: &str = include_str!("../assets/LICENSE");
