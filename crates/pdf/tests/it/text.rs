use testkit::pdf_samples;
use vermilion_pdf::text::{Align, Style, field_appearance};
use vermilion_pdf::{Appearance, Dict, Document, Image, Matrix, Object, Rect, Update, XrefKind};

use crate::support::{joined, open, qpdf_check};

/// Stamps appearances on the first page and gives the file.
fn stamped(document: &Document, original: &[u8], stamps: &[(&Appearance, Rect)]) -> Vec<u8> {
    let mut update = Update::new(document);
    let page = document.page(0).expect("a page");
    let annotations = stamps.iter().map(|(appearance, rect)| {
        let form = appearance.write(&mut update).expect("a form");
        let stamp = Dict::new()
            .with("Type", Object::name("Annot"))
            .with("Subtype", Object::name("Stamp"))
            .with("Rect", Object::rect(page.to_user_space(*rect)))
            .with("F", 4)
            .with("AP", Dict::new().with("N", form));
        Object::from(update.add(stamp))
    });
    let annotations: Vec<Object> = annotations.collect();
    let mut dict = page.dict.clone();
    dict.set("Annots", annotations);
    update.put(page.reference, dict);
    joined(original, &update.finish().expect("an update"))
}

#[test]
fn chinese_text_is_embedded_extracted_and_drawn() {
    let (Some(pdftotext), Some(pdffonts), Some(qpdf)) =
        (testkit::tool("pdftotext"), testkit::tool("pdffonts"), testkit::tool("qpdf"))
    else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let original = pdf_samples::contract(XrefKind::Stream, 1);
    let document = open(&original);
    let single = Style { align: Align::Centre, ..Style::default() };
    let one =
        field_appearance("陈晓明 Chen 2026-11-23", 200.0, 24.0, &single, fonts::SANS).expect("an appearance");
    let many = Style { multiline: true, size: 14.0, ..Style::default() };
    let text = "北京市朝阳区建国路八十八号，\n现代城五号楼 1203 室。The quick brown fox jumps over it.";
    let two = field_appearance(text, 150.0, 90.0, &many, fonts::SERIF).expect("an appearance");
    let stamps =
        [(&one, Rect::sized(100.0, 300.0, 200.0, 24.0)), (&two, Rect::sized(100.0, 400.0, 150.0, 90.0))];
    let file = stamped(&document, &original, &stamps);
    let path = folder.path().join("text.pdf");
    std::fs::write(&path, &file).expect("written");
    assert!(file.len() - original.len() < 80_000, "{} bytes", file.len() - original.len());
    let (code, words) = qpdf_check(&qpdf, &path);
    assert_eq!(code, 0, "{words}");
    let (_, shown) = pdftotext.run([path.as_os_str(), "-".as_ref()]);
    let shown = shown.replace('\n', "");
    for part in ["陈晓明 Chen 2026-11-23", "建国路八十八号", "quick brown"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let (_, listed) = pdffonts.run([path.as_os_str()]);
    assert!(listed.contains("NotoSansSC-Regular") && listed.contains("NotoSerifSC-Regular"), "{listed}");
    assert!(
        listed.lines().filter(|line| line.contains("CID Type 0C")).all(|line| line.contains("yes yes yes")),
        "{listed}"
    );
    // MuPDF draws ink where the text stands, and reports no broken font.
    let Some(mutool) = testkit::tool("mutool") else { return };
    let image = folder.path().join("page.pgm");
    let (done, words) = testkit::run(
        mutool.command().args(["draw", "-r", "72", "-c", "gray", "-o"]).arg(&image).arg(&path).arg("1"),
    );
    let words = words.replace("warning: ICC support is not available", "");
    assert!(done && !words.contains("error") && !words.contains("warning"), "{words}");
    let image = std::fs::read(&image).expect("an image");
    let pixels = &image[image.len() - 595 * 842..];
    let ink = |x: std::ops::Range<usize>, y: std::ops::Range<usize>| {
        y.flat_map(|y| x.clone().map(move |x| pixels[y * 595 + x])).filter(|p| *p < 160).count()
    };
    assert!(ink(130..270, 300..324) > 150);
    assert!(ink(100..250, 400..490) > 400);
    assert_eq!(ink(100..112, 302..322), 0, "centred text leaves the sides free");
}

#[test]
fn text_shrinks_until_it_fits() {
    let style = Style::default();
    let size = |text: &str, width: f64| {
        let content =
            field_appearance(text, width, 20.0, &style, fonts::SANS).expect("an appearance").content;
        let content = String::from_utf8(content).expect("ASCII");
        let at = content.find("/F0 ").expect("a font") + 4;
        content[at..].split(' ').next().expect("a size").parse::<f64>().expect("a number")
    };
    assert_eq!(size("短", 100.0), 12.0);
    assert_eq!(size("这是一个很长很长很长的名字", 104.0), 7.5);
    assert_eq!(size(&"长".repeat(500), 100.0), 5.0);
    assert!(field_appearance("", 10.0, 10.0, &style, fonts::SANS).is_ok());
    assert!(field_appearance("x", 10.0, 10.0, &style, b"no font").is_err());
}

#[test]
fn an_image_with_alpha_is_drawn_through() {
    let (Some(mutool), Some(qpdf)) = (testkit::tool("mutool"), testkit::tool("qpdf")) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let original = pdf_samples::contract(XrefKind::Table, 1);
    let alpha = (0..64).map(|i| if i % 8 < 4 { 255 } else { 0 }).collect();
    let image =
        Image { name: "Im0".into(), width: 8, height: 8, rgb: [200, 0, 0].repeat(64), alpha: Some(alpha) };
    let appearance = Appearance {
        width: 80.0,
        height: 80.0,
        content: b"q 80 0 0 80 0 0 cm /Im0 Do Q".to_vec(),
        images: vec![image],
        opacities: vec![("Gs0".into(), 0.5)],
        ..Appearance::default()
    };
    let file = stamped(&open(&original), &original, &[(&appearance, Rect::sized(300.0, 500.0, 80.0, 80.0))]);
    let path = folder.path().join("image.pdf");
    std::fs::write(&path, file).expect("written");
    let (code, words) = qpdf_check(&qpdf, &path);
    assert_eq!(code, 0, "{words}");
    let drawn = folder.path().join("page.ppm");
    let (done, words) = testkit::run(
        mutool.command().args(["draw", "-r", "72", "-c", "rgb", "-o"]).arg(&drawn).arg(&path).arg("1"),
    );
    assert!(done, "{words}");
    let drawn = std::fs::read(&drawn).expect("an image");
    let pixels = &drawn[drawn.len() - 595 * 842 * 3..];
    let pixel = |x: usize, y: usize| &pixels[(y * 595 + x) * 3..][..3];
    assert!(pixel(310, 540)[0] > 180 && pixel(310, 540)[1] < 40);
    assert_eq!(pixel(370, 540), [255, 255, 255]);
    assert_eq!(Matrix::IDENTITY.inverse(), Some(Matrix::IDENTITY));
}
