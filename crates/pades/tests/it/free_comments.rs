//! Text boxes and ink where the author permits comments (`DocMDP` 3): they look like comments and keep away from what was
//! certified, or the signature fails. Each beside the twin that covers, imitates or completes content.

use pades::{ChangesAfter, Code};
use pdf::{Dict, DocMdp, Object, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, first_changes, updated};
use crate::comments::{certified, listed};
use crate::programs::helvetica;
use crate::support::{Pki, sent};

/// An empty place of the page, and one on its first line.
const EMPTY: [f64; 4] = [300.0, 400.0, 460.0, 430.0];
const ON_TEXT: [f64; 4] = [80.0, 752.0, 240.0, 782.0];
const RED: &str = "BT 0.9 0.1 0.2 rg /F 12 Tf 4 10 Td (Please check) Tj ET";

fn comment(kind: &'static str, rect: [f64; 4], says: &str) -> Dict {
    let dict = Dict::new().with("Type", Object::name("Annot")).with("Subtype", Object::name(kind));
    dict.with("Rect", Object::numbers(rect)).with("Contents", Object::text(says)).with("F", 4)
}

/// With this comment on the first page, whose look has its size and this content.
fn commented(file: &[u8], dict: Dict, content: Option<&str>) -> Vec<u8> {
    updated(file, |document, update| {
        let mut dict = dict;
        if let Some(content) = content {
            let corners: Vec<f64> =
                dict.value("Rect").as_array().expect("four").iter().filter_map(Object::as_number).collect();
            let fonts = Dict::new().with("Font", Dict::new().with("F", helvetica()));
            let form = Dict::new()
                .with("Subtype", Object::name("Form"))
                .with("BBox", Object::numbers([0.0, 0.0, corners[2] - corners[0], corners[3] - corners[1]]))
                .with("Resources", fonts);
            dict.set("AP", Dict::new().with("N", update.add_stream(form, content.as_bytes())));
        }
        let page = document.page_refs().expect("pages")[0];
        let note = update.add(dict);
        listed(update, page, |annots| annots.push(note.into()));
    })
}

fn boxed(file: &[u8], rect: [f64; 4], content: &str) -> Vec<u8> {
    let dict =
        comment("FreeText", rect, "Please check").with("DA", Object::string(*b"/Helv 12 Tf 0.9 0.1 0.2 rg"));
    commented(file, dict, Some(content))
}

fn inked(file: &[u8], rect: [f64; 4], content: &str) -> Vec<u8> {
    let [x0, y0, x1, y1] = rect;
    let line = Object::numbers([x0, y0, x1, y1]);
    commented(file, comment("Ink", rect, "").with("InkList", vec![line]), Some(content))
}

fn assert_permitted(pki: &Pki, file: &[u8]) {
    assert_eq!(first_changes(pki, file), (ChangesAfter::Permitted, vec![]));
}

#[test]
fn a_text_box_that_looks_like_a_comment_may_stand_on_an_empty_place() {
    let pki = Pki::new();
    let file = certified(&pki, &sent(XrefKind::Table), DocMdp::Annotate);
    let framed = format!("0.9 0.1 0.2 RG 1 w 0.5 0.5 159 29 re S {RED}");
    let on_yellow = "1 1 0.6 rg 0 0 160 30 re f BT 0 g /F 12 Tf 4 10 Td (Please check) Tj ET";
    for content in [RED, &framed, on_yellow] {
        assert_permitted(&pki, &boxed(&file, EMPTY, content));
    }
    for (rect, content) in [
        // On what was certified, or so near that it is read together with it.
        (ON_TEXT, RED),
        ([220.0, 752.0, 380.0, 782.0], RED),
        (ON_TEXT, on_yellow),
        // As the page itself is written.
        (EMPTY, "BT 0 g /F 12 Tf 4 10 Td (Please check) Tj ET"),
        (EMPTY, "BT 0 0 0.4 rg /F 12 Tf 4 10 Td (Please check) Tj ET"),
        (EMPTY, "1 g 0 0 160 30 re f BT 0 g /F 12 Tf 4 10 Td (Please check) Tj ET"),
        (EMPTY, "BT 0.9 0.1 0.2 rg /F 12 Tf 4 10 Td (Please) Tj 0 g ( check) Tj ET"),
        // Not what it says, or nobody can tell.
        (EMPTY, "BT 0.9 0.1 0.2 rg /F 12 Tf 4 10 Td (Pay 1000 EUR) Tj ET"),
        (EMPTY, "0.9 0.1 0.2 RG 1 w 4 4 m 20 20 l S BT 0.9 0.1 0.2 rg /F 12 Tf 4 10 Td (Please check) Tj ET"),
        (EMPTY, "BT 0.9 0.1 0.2 rg /G 12 Tf 4 10 Td (Please check) Tj ET"),
    ] {
        assert_forbidden(&pki, &boxed(&file, rect, content), Code::ChangeCommentCovers);
    }
    let acting =
        comment("FreeText", EMPTY, "Please check").with("A", Dict::new().with("S", Object::name("Named")));
    assert_forbidden(&pki, &commented(&file, acting, Some(RED)), Code::ChangeCommentCovers);
    let fixed = comment("FreeText", EMPTY, "Please check").with("F", 4 | 8 | 16);
    assert_forbidden(&pki, &commented(&file, fixed, Some(RED)), Code::ChangeCommentCovers);
    let bare = comment("FreeText", EMPTY, "Please check");
    assert_forbidden(&pki, &commented(&file, bare, None), Code::ChangeCommentCovers);
}

#[test]
fn ink_of_a_lively_colour_may_cross_the_page_and_hides_nothing() {
    let pki = Pki::new();
    let file = certified(&pki, &sent(XrefKind::Table), DocMdp::Annotate);
    let around = "1 0 0 RG 1.5 w 4 15 m 4 30 150 30 150 15 c 150 0 4 0 4 15 c S";
    for rect in [EMPTY, ON_TEXT] {
        assert_permitted(&pki, &inked(&file, rect, around));
        assert_permitted(&pki, &inked(&file, rect, "0 0 1 RG 2 w 4 4 m 150 26 l S"));
    }
    let hatched: String = (0..80).map(|at| format!("{0} 0 m {0} 30 l S ", 2 * at)).collect();
    for content in [
        "0 G 1.5 w 4 15 m 150 15 l S",
        "1 G 3 w 4 15 m 150 15 l S",
        "0 0 0.4 RG 1 w 4 15 m 150 15 l S",
        "1 0 0 RG 20 w 4 15 m 150 15 l S",
        "1 0 0 rg 0 0 160 30 re f",
        &format!("1 0 0 RG 2 w {hatched}"),
        "BT 1 0 0 rg /F 12 Tf 4 10 Td (1000) Tj ET",
    ] {
        assert_forbidden(&pki, &inked(&file, ON_TEXT, content), Code::ChangeCommentCovers);
    }
    let bare = comment("Ink", ON_TEXT, "").with("InkList", vec![Object::numbers(ON_TEXT)]);
    assert_forbidden(&pki, &commented(&file, bare, None), Code::ChangeCommentCovers);
}

#[test]
fn a_page_in_colour_is_not_written_on_in_its_colours() {
    let pki = Pki::new();
    let base = updated(&sent(XrefKind::Table), |document, update| {
        let page = document.page_refs().expect("pages")[0];
        let mut dict = update.get_dict(page).expect("a page");
        let more = update.add_stream(Dict::new(), b"1 0.1 0.1 RG 1 w 60 100 m 500 100 l S");
        dict.set("Contents", vec![dict.value("Contents").clone(), more.into()]);
        update.put(page, dict);
    });
    let file = certified(&pki, &base, DocMdp::Annotate);
    assert_forbidden(&pki, &boxed(&file, EMPTY, RED), Code::ChangeCommentCovers);
    assert_forbidden(&pki, &inked(&file, EMPTY, "1 0 0 RG 2 w 4 4 m 150 26 l S"), Code::ChangeCommentCovers);
    assert_permitted(&pki, &inked(&file, EMPTY, "0 0 1 RG 2 w 4 4 m 150 26 l S"));
}

#[test]
fn they_are_for_documents_that_permit_comments() {
    let pki = Pki::new();
    for permission in [DocMdp::FillForms, DocMdp::NoChanges] {
        let file = certified(&pki, &sent(XrefKind::Table), permission);
        assert_forbidden(&pki, &boxed(&file, EMPTY, RED), Code::ChangeCommentAdded);
    }
}

/// What was certified is content, whatever kind of annotation shows it; a later comment may go again.
#[test]
fn a_text_box_that_was_certified_stays() {
    let pki = Pki::new();
    let gone = |file: &[u8]| {
        updated(file, |document, update| {
            let page = document.page_refs().expect("pages")[0];
            listed(update, page, |annots| {
                annots.retain(|item| {
                    let item = document.follow(item).expect("an annotation");
                    !item.as_dict().expect("a dictionary").value("Subtype").is_name("FreeText")
                });
            });
        })
    };
    let certified_with = certified(&pki, &boxed(&sent(XrefKind::Table), EMPTY, RED), DocMdp::Annotate);
    assert_forbidden(&pki, &gone(&certified_with), Code::ChangeAnnotationRemoved);
    let later = boxed(&certified(&pki, &sent(XrefKind::Table), DocMdp::Annotate), EMPTY, RED);
    // Another one beside it, and itself moved a little.
    assert_permitted(&pki, &boxed(&later, [300.0, 370.0, 460.0, 400.0], RED));
    let moved = |rect: [f64; 4]| {
        updated(&later, |document, update| {
            for item in document.page(0).expect("a page").dict.value("Annots").as_array().expect("a list") {
                let reference = item.as_reference().expect("a reference");
                let dict = update.get_dict(reference).expect("an annotation");
                if dict.value("Subtype").is_name("FreeText") {
                    update.put(reference, dict.with("Rect", Object::numbers(rect)));
                }
            }
        })
    };
    assert_permitted(&pki, &moved([310.0, 395.0, 470.0, 425.0]));
    assert_forbidden(&pki, &moved(ON_TEXT), Code::ChangeCommentCovers);
    assert_permitted(&pki, &gone(&later));
}
