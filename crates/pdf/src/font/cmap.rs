//! ToUnicode CMaps (ISO 32000-2, 9.10.3).

use std::io::Write;

use crate::write::hex;

/// A CMap that gives the text of each code: codes are two bytes and count from 1.
pub(super) fn to_unicode(glyphs: &[(u16, String)]) -> Vec<u8> {
    const MOST_IN_BLOCK: usize = 100;
    let mut out = b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
        /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
        /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
        1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        .to_vec();
    let mut code = 1_u16;
    for block in glyphs.chunks(MOST_IN_BLOCK) {
        // Writing to a vector cannot fail.
        let _ = writeln!(out, "{} beginbfchar", block.len());
        for (_, text) in block {
            let _ = write!(out, "<{code:04x}> <");
            for unit in text.encode_utf16() {
                out.extend(unit.to_be_bytes().iter().flat_map(|byte| hex(*byte)));
            }
            out.extend_from_slice(b">\n");
            code = code.saturating_add(1);
        }
        out.extend_from_slice(b"endbfchar\n");
    }
    out.extend_from_slice(b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    out
}
