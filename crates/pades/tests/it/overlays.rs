//! A signature that comes later must not cover what was signed (the sneaky signature attack).

use pades::{Change, ChangesAfter, Code, FieldKind, Place, SigningRequest};
use pdf::{Appearance, DocMdp, Rect, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, first_changes, signed_once};
use crate::support::{Pki, Stamped, joined, judge, look, open, request, sample, sent, sign, spec, text_look};

/// The first line of the sample's pages stands here.
const OVER_TEXT: Rect = Rect { x0: 60.0, y0: 740.0, x1: 220.0, y1: 788.0 };
const BLANK: Rect = Rect { x0: 300.0, y0: 400.0, x1: 460.0, y1: 448.0 };

/// Paints a white box with other words on it.
fn opaque() -> Appearance {
    Appearance { content: b"1 1 1 rg 0 0 160 48 re f".to_vec(), ..look("0 0 0") }
}

fn placed(pki: &Pki, rect: Rect, appearance: Appearance) -> SigningRequest {
    SigningRequest {
        place: Some(Place { page: 0, rect }),
        appearance: Some(appearance),
        ..request("late", pki.at)
    }
}

fn changes(pki: &Pki, file: &[u8], signature: usize) -> (ChangesAfter, Vec<Change>) {
    let report = judge(pki, file);
    let one = &report.signatures[signature];
    (one.changes_after, one.changes.clone())
}

#[test]
fn a_later_signature_must_not_cover_text() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let bob = pki.person("Bob", 12);
    let attack = sign(&pki, &file, &placed(&pki, OVER_TEXT, opaque()), &bob, Stamped::No);
    assert_forbidden(&pki, &attack, Code::ChangeSignatureCovers);
    let told = changes(&pki, &attack, 0).1;
    let told = told.iter().find(|it| it.what.code == Code::ChangeSignatureCovers).expect("the finding");
    assert_eq!(told.pages, [1]);
    assert_eq!(told.what.params["text"], "Contract, page 1");
    assert_eq!(told.what.params["area"], "[60 740 220 788]");
    // The later signer has seen it.
    assert_eq!(changes(&pki, &attack, 1).0, ChangesAfter::None);
    let honest = sign(&pki, &file, &placed(&pki, BLANK, opaque()), &bob, Stamped::No);
    assert_eq!(first_changes(&pki, &honest), (ChangesAfter::Permitted, vec![]));
    let told = changes(&pki, &honest, 0).1;
    assert!(told.iter().any(|it| it.what.code == Code::ChangeSignatureShown && it.pages == [1]), "{told:?}");
}

#[test]
fn what_an_earlier_signature_shows_must_not_be_covered_either() {
    let pki = Pki::new();
    let first = SigningRequest { field: "first".to_owned(), ..placed(&pki, BLANK, text_look("Alice Zhang")) };
    let file = sign(&pki, &sample(XrefKind::Table, 1), &first, &pki.person("Alice", 11), Stamped::No);
    let bob = pki.person("Bob", 12);
    let attack = sign(&pki, &file, &placed(&pki, BLANK, opaque()), &bob, Stamped::No);
    assert_forbidden(&pki, &attack, Code::ChangeSignatureCovers);
    let beside = Rect { y0: 200.0, y1: 248.0, ..BLANK };
    let honest = sign(&pki, &file, &placed(&pki, beside, opaque()), &bob, Stamped::No);
    assert_eq!(first_changes(&pki, &honest), (ChangesAfter::Permitted, vec![]));
}

#[test]
fn lines_over_text_hide_nothing() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let honest =
        sign(&pki, &file, &placed(&pki, OVER_TEXT, look("0.8 0 0")), &pki.person("Bob", 12), Stamped::No);
    assert_eq!(first_changes(&pki, &honest), (ChangesAfter::Permitted, vec![]));
}

/// A look of lines, each a stroke of its own or all of them one path.
fn lined(from: u32, step: usize, width: f64, end: &str) -> Appearance {
    let lines: String = (from..160).step_by(step).map(|x| format!("{x} 0 m {x} 48 l {end}\n")).collect();
    Appearance { content: format!("q {width} w 0.2 G {lines} S Q").into_bytes(), ..look("0 0 0") }
}

#[test]
fn lines_side_by_side_hide_what_they_cross() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let shown = |rect: Rect, look: Appearance| {
        sign(&pki, &file, &placed(&pki, rect, look), &pki.person("Bob", 12), Stamped::No)
    };
    for end in ["S", ""] {
        assert_forbidden(&pki, &shown(OVER_TEXT, lined(0, 1, 1.2, end)), Code::ChangeSignatureCovers);
        assert_eq!(
            first_changes(&pki, &shown(BLANK, lined(0, 1, 1.2, end))),
            (ChangesAfter::Permitted, vec![])
        );
    }
    let curve = b"1 G 5 w 0 30 m 50 34 110 26 160 30 c 0 26 m 50 30 110 22 160 26 c S".to_vec();
    let erased = Appearance { content: curve, ..look("0 0 0") };
    assert_forbidden(&pki, &shown(OVER_TEXT, erased), Code::ChangeSignatureCovers);
    // What a table rules, and what a hand writes.
    let ruled = lined(0, 20, 1.0, "S");
    assert_eq!(first_changes(&pki, &shown(OVER_TEXT, ruled)), (ChangesAfter::Permitted, vec![]));
    let hand = "0 0 0.5 RG 1.5 w 4 10 m 20 60 30 -10 45 30 c 50 50 60 0 70 24 c 80 40 90 5 100 28 c \
                110 44 120 4 130 20 c 140 30 150 18 158 26 c S";
    let scribbled = Appearance { content: hand.as_bytes().to_vec(), ..look("0 0 0") };
    assert_eq!(first_changes(&pki, &shown(OVER_TEXT, scribbled)), (ChangesAfter::Permitted, vec![]));
}

#[test]
fn fields_that_hide_text_together_are_found() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let with = |file: &[u8], field: &str, look: Appearance| {
        let wanted = SigningRequest { field: field.to_owned(), ..placed(&pki, OVER_TEXT, look) };
        sign(&pki, file, &wanted, &pki.person("Bob", 12), Stamped::No)
    };
    let half = with(&file, "one", lined(0, 4, 1.7, "S"));
    assert_eq!(first_changes(&pki, &half), (ChangesAfter::Permitted, vec![]));
    let both = with(&half, "two", lined(2, 4, 1.7, "S"));
    assert_forbidden(&pki, &both, Code::ChangeTogetherCover);
    let again = with(&half, "two", lined(0, 4, 1.7, "S"));
    assert_eq!(first_changes(&pki, &again), (ChangesAfter::Permitted, vec![]));
}

/// A thin line is wide where the space that it is drawn in is stretched.
#[test]
fn lines_in_a_stretched_space_are_as_wide_as_they_look() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let drawn = |content: &[u8]| {
        let line = Appearance { content: content.to_vec(), ..look("0 0 0") };
        sign(&pki, &file, &placed(&pki, OVER_TEXT, line), &pki.person("Bob", 12), Stamped::No)
    };
    assert_forbidden(
        &pki,
        &drawn(b"q 1 G 100 0 0 0.01 0 0 cm 1 w 0.8 0 m 0.8 4800 l S Q"),
        Code::ChangeSignatureCovers,
    );
    let honest = drawn(b"q 1 G 1 0 0 1 0 0 cm 1 w 80 0 m 80 48 l S Q");
    assert_eq!(first_changes(&pki, &honest), (ChangesAfter::Permitted, vec![]));
}

#[test]
fn a_field_placed_first_and_signed_over_text_later_is_found() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let mut field = spec("late", FieldKind::Signature, 0, OVER_TEXT.x0, OVER_TEXT.y0);
    field.rect = OVER_TEXT;
    let waiting = joined(&file, &pades::place_fields(&open(&file), &[field]).expect("a field"));
    assert_eq!(first_changes(&pki, &waiting), (ChangesAfter::Permitted, vec![]));
    let bob = sign(&pki, &waiting, &request("bob", pki.at), &pki.person("Bob", 12), Stamped::No);
    let mut late = request("late", pki.at);
    late.appearance = Some(opaque());
    let attack = sign(&pki, &bob, &late, &pki.person("Carol", 13), Stamped::No);
    assert_forbidden(&pki, &attack, Code::ChangeSignatureCovers);
    // Bob signed when the field stood there already: he saw which place it takes.
    let (verdict, told) = changes(&pki, &attack, 1);
    assert_eq!(verdict, ChangesAfter::Permitted, "{told:?}");
}

#[test]
fn fields_do_not_come_to_a_certified_document() {
    let pki = Pki::new();
    let mut wanted = request("alice", pki.at);
    wanted.certify = Some(DocMdp::FillForms);
    let file = sign(&pki, &sent(XrefKind::Table), &wanted, &pki.person("Alice", 11), Stamped::No);
    let certified = |file: &[u8]| {
        let late = spec("late", FieldKind::Signature, 0, BLANK.x0, BLANK.y0);
        // What our own signing refuses is made on the uncertified twin and joined here.
        joined(file, &pades::place_fields(&open(file), &[late]).map_err(|_| ()).unwrap_or_default())
    };
    assert_eq!(certified(&file), file, "our own signing refuses it");
    let bob = pki.person("Bob", 12);
    let honest = sign(&pki, &file, &request("bob", pki.at), &bob, Stamped::No);
    assert_eq!(first_changes(&pki, &honest), (ChangesAfter::Permitted, vec![]));
    let invisible = SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new("ours", pki.at) };
    let invisible = sign(&pki, &file, &invisible, &bob, Stamped::No);
    assert_eq!(first_changes(&pki, &invisible), (ChangesAfter::Permitted, vec![]));
}
