//! Content streams: the input is what a page paints, a form that it may use, and what a font says of its codes; and
//! pictures.

use std::sync::Arc;

use vermilion_pdf::content::{self, Drawing, Paint, Pixels};
use vermilion_pdf::{Document, Limits, Matrix, Rect, Ref};

/// What stands between the parts of an input.
const APART: &[u8] = b"\n%%%%\n";

/// What the page's content may name: three kinds of fonts, forms that may name one another, an image, graphics states.
const RESOURCES: [(u32, &str); 7] = [
    (
        5,
        "<</Font<</F0 7 0 R/F1 8 0 R/F2 9 0 R/F3 13 0 R>>/XObject<</X0 6 0 R/X1 12 0 R>>\
         /ExtGState<</G0<</ca .5/BM/Multiply/LW 3>>/G1<</Font[8 0 R 12]/BM[/Darken/Normal]>>>>>>",
    ),
    (
        7,
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[65/eacute/uni4E2D/space 300/A]>>>>",
    ),
    (
        8,
        "<</Type/Font/Subtype/Type0/BaseFont/S/Encoding/Identity-H/DescendantFonts[10 0 R]/ToUnicode 11 0 R>>",
    ),
    (
        9,
        "<</Type/Font/Subtype/TrueType/BaseFont/T/FirstChar 32/Widths[250 333 408]/ToUnicode 11 0 R\
         /FontDescriptor<</FontFile2 12 0 R/MissingWidth 600>>/Encoding/WinAnsiEncoding>>",
    ),
    (10, "<</Type/Font/Subtype/CIDFontType2/BaseFont/S/DW 500/W[1[500 600]10 20 300]>>"),
    (12, "<</Type/XObject/Subtype/Image/Width 1/Height 1/Length 1>>stream\n\0\nendstream"),
    (13, "<</Type/Font/Subtype/Type0/BaseFont/U/Encoding/UniGB-UTF16-H/DescendantFonts[10 0 R]>>"),
];

/// What a page and a form paint: bounded, each mark in a place.
///
/// # Panics
/// Where a bound does not hold: that is a finding.
pub fn content(input: &[u8]) {
    let mut limits = Limits::default();
    limits.work = 8_000_000;
    limits.max_decoded_size = 1_000_000;
    let Ok(document) = Document::open(Arc::new(file(input)), &limits) else {
        panic!("the file around the content opens")
    };
    if let Ok(drawing) = content::page(&document, 0) {
        check(&drawing);
    }
    let form =
        document.resolve(Ref { number: 6, generation: 0 }).expect("the form stands plainly in the file");
    let Some(stream) = form.as_stream() else { return };
    let rect = Rect::new(10.0, 20.0, 110.0, 70.0);
    let placed = content::placement(&document, stream, rect).ok().flatten().unwrap_or(Matrix::IDENTITY);
    let resources = document.resolve(Ref { number: 5, generation: 0 }).expect("the resources are plain");
    let resources = resources.as_dict().cloned().unwrap_or_default();
    if let Ok(drawing) = content::form(&document, stream, placed, &resources) {
        check(&drawing);
    }
}

fn check(drawing: &Drawing) {
    assert!(drawing.marks.len() <= 200_000, "the marks of one drawing are bounded");
    assert!(drawing.oddities.len() <= 32, "so are its oddities");
    for mark in &drawing.marks {
        let area = mark.area;
        // What has no place would be said to cover nothing.
        assert!(![area.x0, area.y0, area.x1, area.y1].iter().any(|n| n.is_nan()), "{mark:?}");
    }
}

/// A picture: the input is its entries, its data, and the same of its soft mask.
///
/// # Panics
/// Where there are fewer samples than pixels: that is a finding.
pub fn picture(input: &[u8]) {
    let (entries, rest) = split(input);
    let (data, rest) = split(rest);
    let (mask_entries, mask) = split(rest);
    let stream = |entries: &[u8], more: &str, data: &[u8]| {
        let end = format!("{more}/Length {}>>stream\n", data.len());
        [b"<</Subtype/Image", entries, end.as_bytes(), data, b"\nendstream"].concat()
    };
    let soft = if mask_entries.is_empty() { "" } else { "/SMask 6 0 R" };
    let content = b"<</Length 31>>stream\nq 90 10 -10 80 5 7 cm /I Do Q   \nendstream".to_vec();
    let bytes = of_objects(vec![
        (1, b"<</Type/Catalog/Pages 2 0 R>>".to_vec()),
        (2, b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec()),
        (3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>".to_vec()),
        (4, content),
        (5, stream(entries, soft, data)),
        (6, stream(mask_entries, "", mask)),
    ]);
    let mut limits = Limits::default();
    limits.work = 8_000_000;
    limits.max_decoded_size = 1_000_000;
    let Ok(document) = Document::open(Arc::new(bytes), &limits) else { return };
    let Ok(drawing) = content::page(&document, 0) else { return };
    for mark in &drawing.marks {
        let Paint::Image(Some(picture)) = &mark.paint else { continue };
        let pixels = picture.pixels(&document).expect("it is in memory");
        let ink = picture.ink(&document).expect("it is in memory");
        let (opacity, colours) = ink.map_or((None, None), |ink| (Some(ink.opacity), ink.colours));
        for one in [pixels, opacity, colours].into_iter().flatten() {
            check_pixels(&one);
            let (columns, rows) = picture.under(Rect::new(20.0, 20.0, 30.0, 30.0), one.size());
            assert!(columns.end <= one.size().0 && rows.end <= one.size().1, "{columns:?} {rows:?}");
        }
    }
}

fn check_pixels(pixels: &Pixels) {
    let (width, height) = pixels.size();
    for (column, row) in [(0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)] {
        assert!(matches!(pixels.at(column, row).len(), 1 | 3), "no sample at {column} {row}");
    }
    assert!(pixels.at(width, 0).is_empty() && pixels.at(0, height).len() < 3, "samples beyond the picture");
}

/// A page with the input's parts as its content, as a form and as a map from codes to text.
fn file(input: &[u8]) -> Vec<u8> {
    let (page, rest) = split(input);
    let (form, map) = split(rest);
    let stream = |entries: &str, data: &[u8]| {
        let head = format!("<<{entries}/Length {}>>stream\n", data.len());
        [head.as_bytes(), data, b"\nendstream"].concat()
    };
    let mut objects: Vec<(u32, Vec<u8>)> = vec![
        (1, b"<</Type/Catalog/Pages 2 0 R>>".to_vec()),
        (2, b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec()),
        (3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources 5 0 R>>".to_vec()),
        (4, stream("", page)),
        (6, stream("/Type/XObject/Subtype/Form/BBox[0 0 500 700]/Matrix[1 0 0 1 5 5]", form)),
        (11, stream("", map)),
    ];
    objects.extend(RESOURCES.map(|(number, text)| (number, text.as_bytes().to_vec())));
    of_objects(objects)
}

/// A file of these objects, whose numbers have no gaps.
fn of_objects(mut objects: Vec<(u32, Vec<u8>)>) -> Vec<u8> {
    objects.sort();
    let count = objects.len() + 1;
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {count}\n0000000000 65535 f \n").into_bytes();
    for (number, body) in objects {
        table.extend_from_slice(format!("{:010} 00000 n \n", bytes.len()).as_bytes());
        bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        bytes.extend_from_slice(&body);
        bytes.extend_from_slice(b"\nendobj\n");
    }
    let xref = bytes.len();
    bytes.extend_from_slice(&table);
    bytes.extend_from_slice(
        format!("trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n").as_bytes(),
    );
    bytes
}

/// What stands before the next mark between parts, and what stands after it.
fn split(input: &[u8]) -> (&[u8], &[u8]) {
    match input.windows(APART.len()).position(|window| window == APART) {
        Some(at) => (&input[..at], &input[at + APART.len()..]),
        None => (input, &[]),
    }
}
