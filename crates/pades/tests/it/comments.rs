//! Annotations where the author permits them (`DocMDP` 3), and where nobody does.

use pades::{ChangesAfter, Code};
use pdf::{Dict, DocMdp, Object, Ref, Update, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, first_changes, updated};
use crate::support::{Pki, Stamped, request, sent, sign};

pub(crate) fn certified(pki: &Pki, base: &[u8], permission: DocMdp) -> Vec<u8> {
    let mut wanted = request("alice", pki.at);
    wanted.certify = Some(permission);
    sign(pki, base, &wanted, &pki.person("Alice", 11), Stamped::No)
}

fn annotation(kind: &'static str, rect: [f64; 4]) -> Dict {
    let [x0, y0, x1, y1] = rect;
    Dict::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name(kind))
        .with("Contents", Object::text("a remark"))
        .with("Rect", Object::numbers(rect))
        .with("QuadPoints", Object::numbers([x0, y1, x1, y1, x0, y0, x1, y0]))
        .with("C", Object::numbers([1.0, 1.0, 0.0]))
}

/// The first line of the sample's pages.
const LINE: [f64; 4] = [72.0, 752.0, 280.0, 782.0];

/// Adds an annotation to the first page; `look` is the content of its appearance, `blend` its blend mode.
fn annotated(file: &[u8], dict: Dict, look: Option<(&str, &'static str)>) -> Vec<u8> {
    updated(file, |document, update| {
        let mut dict = dict;
        if let Some((content, blend)) = look {
            let state = Dict::new().with("BM", Object::name(blend));
            let resources = Dict::new().with("ExtGState", Dict::new().with("G0", state));
            let rect = dict.value("Rect").clone();
            let form = Dict::new()
                .with("Type", Object::name("XObject"))
                .with("Subtype", Object::name("Form"))
                .with("BBox", rect)
                .with("Resources", resources);
            let form = update.add_stream(form, content.as_bytes());
            dict.set("AP", Dict::new().with("N", form));
        }
        let page = document.page_refs().expect("pages")[0];
        let note = update.add(dict);
        listed(update, page, |annots| annots.push(note.into()));
    })
}

pub(crate) fn listed(update: &mut Update, page: Ref, change: impl FnOnce(&mut Vec<Object>)) {
    let mut dict = update.get_dict(page).expect("a page");
    let mut annots = dict.value("Annots").as_array().map(<[Object]>::to_vec).unwrap_or_default();
    change(&mut annots);
    dict.set("Annots", annots);
    update.put(page, dict);
}

#[test]
fn comments_that_hide_nothing_are_permitted_where_the_author_allows_them() {
    let pki = Pki::new();
    let base = sent(XrefKind::Table);
    let file = certified(&pki, &base, DocMdp::Annotate);
    let honest = [
        annotated(&file, annotation("Highlight", LINE), None),
        annotated(
            &file,
            annotation("Highlight", LINE),
            Some(("/G0 gs 1 1 0 rg 72 752 208 30 re f", "Multiply")),
        ),
        annotated(&file, annotation("Underline", LINE), Some(("1 w 72 755 m 280 755 l S", "Normal"))),
        annotated(&file, annotation("StrikeOut", LINE), Some(("1 w 72 765 m 280 765 l S", "Normal"))),
        annotated(&file, annotation("Text", [500.0, 800.0, 520.0, 820.0]), None),
    ];
    for file in &honest {
        assert_eq!(first_changes(&pki, file), (ChangesAfter::Permitted, vec![]));
    }
    for permission in [DocMdp::FillForms, DocMdp::NoChanges] {
        let file = certified(&pki, &base, permission);
        let attack = annotated(&file, annotation("Highlight", LINE), None);
        assert_forbidden(&pki, &attack, Code::ChangeCommentAdded);
    }
    let plain = sign(&pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    assert_forbidden(&pki, &annotated(&plain, annotation("Highlight", LINE), None), Code::ChangeCommentAdded);
}

#[test]
fn comments_that_could_hide_or_imitate_content_are_not() {
    let pki = Pki::new();
    let file = certified(&pki, &sent(XrefKind::Table), DocMdp::Annotate);
    let dark = annotation("Highlight", LINE).with("C", Object::numbers([0.0, 0.0, 0.0]));
    let acting = annotation("Highlight", LINE)
        .with("A", Dict::new().with("S", Object::name("JavaScript")).with("JS", Object::text("1")));
    let note = [80.0, 750.0, 110.0, 780.0];
    let attacks = [
        annotated(&file, annotation("Highlight", LINE), Some(("1 1 1 rg 72 752 208 30 re f", "Normal"))),
        annotated(&file, annotation("Highlight", LINE), Some(("/G0 gs 0 g 72 752 208 30 re f", "Multiply"))),
        annotated(&file, dark, None),
        annotated(&file, acting, None),
        annotated(&file, annotation("StrikeOut", LINE), Some(("30 w 72 765 m 280 765 l S", "Normal"))),
        annotated(&file, annotation("Underline", LINE), Some(("1 g 72 752 208 30 re f", "Normal"))),
        annotated(&file, annotation("Text", note), Some(("1 g 80 750 30 30 re f", "Normal"))),
        annotated(&file, annotation("Text", [72.0, 600.0, 400.0, 800.0]), None),
        annotated(
            &file,
            annotation("Popup", [72.0, 600.0, 400.0, 800.0]),
            Some(("1 g 72 600 328 200 re f", "Normal")),
        ),
    ];
    for attack in &attacks {
        assert_forbidden(&pki, attack, Code::ChangeCommentCovers);
    }
}

/// Where a comment brings no look, programs draw one.
#[test]
fn comments_without_a_look_hide_nothing_either() {
    let pki = Pki::new();
    let file = certified(&pki, &sent(XrefKind::Table), DocMdp::Annotate);
    let note = |x: f64, y: f64| annotated(&file, annotation("Text", [x, y, x + 20.0, y + 20.0]), None);
    assert_forbidden(&pki, &note(80.0, 758.0), Code::ChangeCommentCovers);
    assert_eq!(first_changes(&pki, &note(40.0, 758.0)), (ChangesAfter::Permitted, vec![]));
    let line = |colour: f64, width: i64| {
        let dict = annotation("StrikeOut", LINE).with("C", Object::numbers([colour; 3]));
        annotated(&file, dict.with("BS", Dict::new().with("W", width)), None)
    };
    assert_forbidden(&pki, &line(1.0, 1), Code::ChangeCommentCovers);
    assert_forbidden(&pki, &line(0.0, 20), Code::ChangeCommentCovers);
    let mut bare = annotation("Highlight", LINE);
    bare.remove("C");
    assert_forbidden(&pki, &annotated(&file, bare, None), Code::ChangeCommentCovers);
    assert_eq!(first_changes(&pki, &line(0.0, 1)), (ChangesAfter::Permitted, vec![]));
}

/// Programs draw a line as thick as the marked text seems high.
#[test]
fn marked_text_is_as_high_as_a_line() {
    let pki = Pki::new();
    let file = certified(&pki, &sent(XrefKind::Table), DocMdp::Annotate);
    for kind in ["StrikeOut", "Underline", "Squiggly"] {
        let marked = |height: f64| {
            let [x0, y0, x1, _] = LINE;
            let dict =
                annotation(kind, [x0, y0, x1, y0 + height]).with("C", Object::numbers([1.0, 0.0, 0.0]));
            annotated(&file, dict, None)
        };
        assert_eq!(first_changes(&pki, &marked(24.0)), (ChangesAfter::Permitted, vec![]), "{kind}");
        assert_forbidden(&pki, &marked(60.0), Code::ChangeCommentCovers);
        assert_forbidden(&pki, &marked(200.0), Code::ChangeCommentCovers);
    }
}

#[test]
fn a_window_that_opens_by_itself_stands_on_no_text() {
    let pki = Pki::new();
    let file = certified(&pki, &sent(XrefKind::Table), DocMdp::Annotate);
    let noted = |window: [f64; 4], opens: bool| {
        updated(&file, |document, update| {
            let page = document.page_refs().expect("pages")[0];
            let (note, popup) = (update.allocate(), update.allocate());
            let dict = annotation("Text", [500.0, 600.0, 520.0, 620.0]).with("Popup", popup);
            update.put(note, dict.with("Open", opens));
            let mut dict = annotation("Popup", window).with("Parent", note).with("Open", opens);
            dict.remove("QuadPoints");
            update.put(popup, dict);
            listed(update, page, |annots| annots.extend([note.into(), popup.into()]));
        })
    };
    let over = [60.0, 700.0, 400.0, 800.0];
    assert_eq!(first_changes(&pki, &noted(over, false)), (ChangesAfter::Permitted, vec![]));
    assert_eq!(
        first_changes(&pki, &noted([300.0, 400.0, 500.0, 500.0], true)),
        (ChangesAfter::Permitted, vec![])
    );
    assert_forbidden(&pki, &noted(over, true), Code::ChangeCommentCovers);
}

#[test]
fn comments_that_hide_text_together_are_found() {
    let pki = Pki::new();
    let file = certified(&pki, &sent(XrefKind::Table), DocMdp::Annotate);
    let struck = |lines: std::ops::Range<u32>| {
        lines.fold(file.clone(), |file, line| {
            let y = 755.0 + 2.0 * f64::from(line);
            let look = format!("2 w 72 {y} m 280 {y} l S");
            annotated(&file, annotation("StrikeOut", LINE), Some((&look, "Normal")))
        })
    };
    assert_eq!(first_changes(&pki, &struck(0..3)), (ChangesAfter::Permitted, vec![]));
    assert_forbidden(&pki, &struck(0..12), Code::ChangeTogetherCover);
    let bar: String = (0..12).map(|line| format!("72 {0} m 280 {0} l S ", 755 + 2 * line)).collect();
    let bar = annotated(&file, annotation("StrikeOut", LINE), Some((&format!("2 w {bar}"), "Normal")));
    assert_forbidden(&pki, &bar, Code::ChangeTogetherCover);
    let marked = |times: usize| {
        (0..times).fold(file.clone(), |file, _| {
            let dict = annotation("Highlight", LINE).with("C", Object::numbers([0.5, 0.5, 0.5]));
            annotated(&file, dict, None)
        })
    };
    assert_eq!(first_changes(&pki, &marked(2)), (ChangesAfter::Permitted, vec![]));
    assert_forbidden(&pki, &marked(4), Code::ChangeTogetherCover);
}

#[test]
fn annotations_that_draw_freely_are_not_permitted_anywhere() {
    let pki = Pki::new();
    let file = certified(&pki, &sent(XrefKind::Table), DocMdp::Annotate);
    for kind in [
        "Stamp",
        "Square",
        "Circle",
        "Line",
        "Polygon",
        "Redact",
        "FileAttachment",
        "Link",
        "Screen",
        "3D",
        "Widget",
        "Caret",
        "Watermark",
    ] {
        let attack = annotated(&file, annotation(kind, LINE), None);
        assert_forbidden(&pki, &attack, Code::ChangeAnnotationAdded);
    }
}

#[test]
fn comments_may_go_and_other_annotations_stay() {
    let pki = Pki::new();
    let base = annotated(&sent(XrefKind::Table), annotation("Highlight", LINE), None);
    let base = annotated(&base, annotation("Stamp", [300.0, 600.0, 400.0, 700.0]), None);
    let file = certified(&pki, &base, DocMdp::Annotate);
    let without = |kind: &'static str| {
        updated(&file, |document, update| {
            let page = document.page_refs().expect("pages")[0];
            listed(update, page, |annots| {
                annots.retain(|item| {
                    let item = document.follow(item).expect("an annotation");
                    !item.as_dict().expect("a dictionary").value("Subtype").is_name(kind)
                });
            });
        })
    };
    assert_eq!(first_changes(&pki, &without("Highlight")), (ChangesAfter::Permitted, vec![]));
    assert_forbidden(&pki, &without("Stamp"), Code::ChangeAnnotationRemoved);
    assert_forbidden(&pki, &without("Widget"), Code::ChangeAnnotationRemoved);
    let moved = |kind: &'static str| {
        updated(&file, |document, update| {
            for item in document.page(0).expect("a page").dict.value("Annots").as_array().expect("a list") {
                let reference = item.as_reference().expect("a reference");
                let dict = update.get_dict(reference).expect("an annotation");
                if dict.value("Subtype").is_name(kind) {
                    let rect = Object::numbers([72.0, 700.0, 280.0, 730.0]);
                    update.put(reference, dict.with("Rect", rect));
                }
            }
        })
    };
    assert_eq!(first_changes(&pki, &moved("Highlight")), (ChangesAfter::Permitted, vec![]));
    assert_forbidden(&pki, &moved("Stamp"), Code::ChangeAnnotation);
}
