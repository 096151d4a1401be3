//! Looks that programs draw in different ways, or draw by themselves: what one of them would show counts. Each beside an
//! honest twin.

use pades::{ChangesAfter, Code, SigningRequest};
use pdf::{Appearance, Dict, Object, Update, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, first_changes, signed_once, updated};
use crate::looks::filled;
use crate::shadows::{BLANK, OVER_TEXT, append, assert_permitted, late, widget, with_field};
use crate::support::{Pki, Stamped, look, request, sent, sign, text_look};

/// A later signature field whose look has this content and these resources.
pub(crate) fn drawn(
    file: &[u8],
    rect: [f64; 4],
    content: &str,
    resources: impl Fn(&mut Update) -> Dict,
) -> Vec<u8> {
    with_field(file, &[0], |update| {
        let resources = resources(update);
        let dict = Dict::new()
            .with("Subtype", Object::name("Form"))
            .with("BBox", Object::numbers([0.0, 0.0, 160.0, 48.0]))
            .with("Resources", resources);
        let look = update.add_stream(dict, content.as_bytes());
        late(update, rect).with("AP", Dict::new().with("N", look))
    })
}

pub(crate) fn none(_: &mut Update) -> Dict {
    Dict::new()
}

pub(crate) fn helvetica() -> Dict {
    Dict::new()
        .with("Type", Object::name("Font"))
        .with("Subtype", Object::name("Type1"))
        .with("BaseFont", Object::name("Helvetica"))
}

fn plain(_: &mut Update) -> Dict {
    Dict::new().with("Font", Dict::new().with("F", helvetica()))
}

/// The same with letters that the file itself draws, nobody knows how.
pub(crate) fn own(update: &mut Update) -> Dict {
    let program = update.add_stream(Dict::new(), b"%!PS-AdobeFont-1.0: Own");
    let descriptor = Dict::new().with("Type", Object::name("FontDescriptor")).with("FontFile", program);
    let descriptor = update.add(descriptor);
    Dict::new().with("Font", Dict::new().with("F", helvetica().with("FontDescriptor", descriptor)))
}

#[test]
fn operands_that_do_not_fit_hide_the_place() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    // Some take the last four numbers, some the first; some read 4, some 48, some nothing.
    for content in
        ["1 g 0 0 0 0 160 48 re f", "1 g 0 0 160 4-8 re f", "1 g 0 0 160 --48 re f", "1 rg 0 0 9 9 re f"]
    {
        assert_forbidden(&pki, &drawn(&file, OVER_TEXT, content, none), Code::ChangeSignatureCovers);
        assert_permitted(&pki, &drawn(&file, BLANK, content, none));
    }
    assert_permitted(&pki, &drawn(&file, OVER_TEXT, "1 g 0 0 2 2. re f +.5 w 0 -1 m 9 -.5 l S", none));
}

#[test]
fn letters_that_the_file_draws_reach_as_far_as_they_may() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    for content in ["BT /F 1 Tf (.) Tj ET", "BT /F 1 Tf ( ) Tj ET"] {
        assert_forbidden(&pki, &drawn(&file, OVER_TEXT, content, own), Code::ChangeSignatureCovers);
        assert_permitted(&pki, &drawn(&file, BLANK, content, own));
        assert_permitted(&pki, &drawn(&file, OVER_TEXT, content, plain));
    }
    // Where the outlines are known, they count: the place touches the text, the letters do not.
    let touching = [60.0, 716.0, 220.0, 764.0];
    let signed = |rect: [f64; 4], appearance: Appearance| {
        let [x0, y0, x1, y1] = rect;
        let place = pades::Place { page: 0, rect: pdf::Rect::new(x0, y0, x1, y1) };
        let wanted =
            SigningRequest { place: Some(place), appearance: Some(appearance), ..request("late", pki.at) };
        sign(&pki, &file, &wanted, &pki.person("Bob", 12), Stamped::No)
    };
    assert_permitted(&pki, &signed(touching, text_look("Alice Zhang")));
    assert_forbidden(&pki, &signed(OVER_TEXT, text_look("Alice Zhang")), Code::ChangeSignatureCovers);
    assert_forbidden(&pki, &drawn(&file, touching, "BT /F 1 Tf (.) Tj ET", own), Code::ChangeSignatureCovers);
}

#[test]
fn letters_with_thick_outlines_hide_the_place() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let content = |width: f64| format!("1 G {width} w BT 1 Tr /F 1 Tf 2 2 Td (.) Tj ET");
    assert_forbidden(&pki, &drawn(&file, OVER_TEXT, &content(90.0), plain), Code::ChangeSignatureCovers);
    assert_permitted(&pki, &drawn(&file, OVER_TEXT, &content(0.05), plain));
}

#[test]
fn colours_that_mean_something_else_shine_through_nothing() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let content = "/G gs 1 1 0 rg 0 0 160 48 re f";
    let multiply = |more: &'static [(&'static str, &'static str)]| {
        move |update: &mut Update| {
            let mut state = Dict::new().with("BM", Object::name("Multiply"));
            let mut spaces = Dict::new();
            for (key, value) in more {
                let function = update.add_stream(Dict::new().with("FunctionType", 4), value.as_bytes());
                if key.starts_with("Default") {
                    spaces.set(*key, Object::Array(vec![Object::name("Separation"), function.into()]));
                } else {
                    state.set(*key, function);
                }
            }
            Dict::new().with("ExtGState", Dict::new().with("G", state)).with("ColorSpace", spaces)
        }
    };
    assert_permitted(&pki, &drawn(&file, OVER_TEXT, content, multiply(&[])));
    for odd in [&[("TR", "{1 exch sub}")], &[("DefaultRGB", "{pop 0}")]] {
        assert_forbidden(&pki, &drawn(&file, OVER_TEXT, content, multiply(odd)), Code::ChangeSignatureCovers);
    }
}

#[test]
fn calibrated_colours_mean_what_they_say() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let content = "/G gs 1 1 0 rg 0 0 160 48 re f";
    let calibrated = |gamma: f64| {
        move |_: &mut Update| {
            let rgb = Dict::new()
                .with("WhitePoint", Object::numbers([0.9505, 1.0, 1.089]))
                .with("Gamma", Object::numbers([gamma; 3]))
                .with(
                    "Matrix",
                    Object::numbers([0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505]),
                );
            let space = Object::Array(vec![Object::name("CalRGB"), rgb.into()]);
            let state = Dict::new().with("BM", Object::name("Multiply"));
            Dict::new()
                .with("ExtGState", Dict::new().with("G", state))
                .with("ColorSpace", Dict::new().with("DefaultRGB", space))
        }
    };
    assert_permitted(&pki, &drawn(&file, OVER_TEXT, content, calibrated(2.2)));
    assert_forbidden(&pki, &drawn(&file, OVER_TEXT, content, calibrated(90.0)), Code::ChangeSignatureCovers);
}

#[test]
fn a_background_that_programs_draw_without_a_look_counts() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let styled =
        |rect: [f64; 4], style: Dict| with_field(&file, &[0], |update| late(update, rect).with("MK", style));
    let white = || Dict::new().with("BG", Object::numbers([1.0]));
    assert_forbidden(&pki, &styled(OVER_TEXT, white()), Code::ChangeSignatureCovers);
    assert_permitted(&pki, &styled(BLANK, white()));
    assert_permitted(&pki, &styled(OVER_TEXT, Dict::new().with("R", 0)));
}

#[test]
fn a_place_that_moves_with_the_zoom_is_not_taken() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let flagged = |flags: i64| {
        with_field(&file, &[0], |update| {
            let look = look("0 0 0").write(update).expect("a look");
            late(update, BLANK).with("F", flags).with("AP", Dict::new().with("N", look))
        })
    };
    assert_permitted(&pki, &flagged(4 | 128));
    assert_forbidden(&pki, &flagged(4 | 8), Code::ChangeField);
    assert_forbidden(&pki, &flagged(4 | 16), Code::ChangeField);
}

/// Signed with one more field in the form and on the first page.
pub(crate) fn signed_with(pki: &Pki, make: impl FnOnce(&mut Update) -> Dict) -> Vec<u8> {
    let base = updated(&sent(XrefKind::Table), |document, update| {
        let page = document.page_refs().expect("pages")[0];
        let dict = make(update).with("P", page);
        let field = update.add(dict);
        append(update, document, 0, field);
        let form = document.form().expect("a form");
        let mut fields = form.dict.value("Fields").as_array().expect("fields").to_vec();
        fields.push(field.into());
        update.put(form.reference.expect("an indirect form"), form.dict.clone().with("Fields", fields));
    });
    sign(pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No)
}

fn form_with(file: &[u8], key: &'static str, value: impl FnOnce(&mut Update, &Dict) -> Object) -> Vec<u8> {
    updated(file, |document, update| {
        let form = document.form().expect("a form");
        let value = value(update, &form.dict);
        update.put(form.reference.expect("an indirect form"), form.dict.clone().with(key, value));
    })
}

#[test]
fn fields_drawn_anew_show_what_they_showed() {
    let pki = Pki::new();
    let anew = |file: &[u8]| form_with(file, "NeedAppearances", |_, _| Object::Bool(true));
    let button = |caption: bool| {
        signed_with(&pki, |update| {
            let look = look("0 0 0").write(update).expect("a look");
            let style = if caption { Dict::new().with("CA", Object::text("900")) } else { Dict::new() };
            widget("Btn", BLANK).with("Ff", 1 << 16).with("MK", style).with("AP", Dict::new().with("N", look))
        })
    };
    assert_permitted(&pki, &anew(&button(false)));
    assert_forbidden(&pki, &anew(&button(true)), Code::ChangeLookUnreadable);
    let text = |rect: [f64; 4]| {
        signed_with(&pki, |_| {
            widget("Tx", rect).with("MK", Dict::new().with("BG", Object::numbers([1.0, 1.0, 1.0])))
        })
    };
    assert_permitted(&pki, &anew(&text(BLANK)));
    assert_forbidden(&pki, &anew(&text(OVER_TEXT)), Code::ChangeFieldCovers);
}

/// A font that the form did not have: fields that name it would be drawn with it.
#[test]
fn a_font_that_comes_to_the_form_is_the_usual_one() {
    let pki = Pki::new();
    let file = signed_with(&pki, |_| {
        widget("Tx", BLANK).with("V", Object::text("100")).with("DA", Object::string("/Late 12 Tf 0 g"))
    });
    let with_font = |name: &'static str, font: fn(&mut Update) -> Dict| {
        form_with(&file, "DR", |update, form| {
            let mut all = form.value("DR").as_dict().cloned().unwrap_or_default();
            let mut fonts = all.value("Font").as_dict().cloned().unwrap_or_default();
            let font = font(update);
            fonts.set(name, font.value("Font").as_dict().expect("fonts").value("F").clone());
            all.set("Font", fonts);
            all.into()
        })
    };
    assert_permitted(&pki, &with_font("Late", plain));
    assert_permitted(&pki, &with_font("Unnamed", own));
    assert_forbidden(&pki, &with_font("Late", own), Code::ChangeForm);
    let swapped: fn(&mut Update) -> Dict = |_| {
        let list = vec![49.into(), Object::name("nine")];
        let encoding = Dict::new().with("Differences", list);
        Dict::new().with("Font", Dict::new().with("F", helvetica().with("Encoding", encoding)))
    };
    assert_forbidden(&pki, &with_font("Late", swapped), Code::ChangeForm);
}

#[test]
fn a_fields_style_stays_one_that_is_seen() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let styled = |change: fn(&str) -> String| {
        updated(&file, |document, update| {
            let form = document.form().expect("a form");
            let city = form.field("city").expect("the field");
            let was = city.default_appearance.clone().expect("a style");
            let style = change(&String::from_utf8_lossy(&was));
            update.put(city.reference, city.dict.clone().with("DA", Object::string(style.into_bytes())));
        })
    };
    assert_permitted(&pki, &styled(|was| format!("{was} 0 0 0.5 rg")));
    for odd in [
        (|was| format!("{was} 1 g")) as fn(&str) -> String,
        |was| format!("{was} 1 1 0.9 rg"),
        |_| "/ZaDb 12 Tf 0 g".to_owned(),
        |was| was.replace("Tf", "Tf 3 Tr"),
    ] {
        assert_forbidden(&pki, &styled(odd), Code::ChangeField);
    }
}

#[test]
fn letters_as_pale_as_paper_erase() {
    let pki = Pki::new();
    let file = signed_with(&pki, |_| widget("Tx", OVER_TEXT).with("DA", Object::string("/Helv 0 Tf 0 g")));
    let put = |value: &str, content: &str| {
        updated(&file, |document, update| {
            let form = document.form().expect("a form");
            let field = form.field("late").expect("the field");
            let look = Appearance { content: content.as_bytes().to_vec(), ..text_look("MMMMM") };
            let look = look.write(update).expect("a look");
            let dict =
                field.dict.clone().with("V", Object::text(value)).with("AP", Dict::new().with("N", look));
            update.put(field.reference, dict);
        })
    };
    let black = String::from_utf8(text_look("MMMMM").content).expect("operators");
    let white = black.replace("0.000 0.000 0.000 rg", "1 1 1 rg");
    assert_ne!(black, white);
    assert_permitted(&pki, &put("MMMMM", &black));
    assert_forbidden(&pki, &put("", &white), Code::ChangeFieldCovers);
    // Over the field's own value.
    let city = |content: &str| {
        let look = Appearance { content: content.as_bytes().to_vec(), ..text_look("MMMMM") };
        filled(&signed_once(&pki), "MMMMM", &look)
    };
    assert_eq!(first_changes(&pki, &city(&format!("{white} {black}"))), (ChangesAfter::Permitted, vec![]));
    assert_forbidden(&pki, &city(&format!("{black} {white}")), Code::ChangeLookUnreadable);
}
