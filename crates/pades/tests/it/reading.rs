//! The text of a filled field is read as a person reads it: where its letters stand, upright, whole, in a font that shows
//! what it says. Each manipulated look beside an honest twin.

use pades::Code;
use pdf::{Dict, Object, Update, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, signed_once, updated};
use crate::looks::filled;
use crate::programs::signed_with;
use crate::shadows::{BLANK, assert_permitted, widget};
use crate::support::{Pki, Stamped, request, sent, sign, text_look};

fn helvetica(name: &'static str) -> Dict {
    Dict::new()
        .with("Type", Object::name("Font"))
        .with("Subtype", Object::name("Type1"))
        .with("BaseFont", Object::name(name))
        .with("Encoding", Object::name("WinAnsiEncoding"))
}

/// A look with this content, 160 by 48 points large.
fn form() -> Dict {
    let fonts = Dict::new().with("F", helvetica("Helvetica"));
    Dict::new()
        .with("Type", Object::name("XObject"))
        .with("Subtype", Object::name("Form"))
        .with("BBox", Object::numbers([0.0, 0.0, 160.0, 48.0]))
        .with("Resources", Dict::new().with("Font", fonts))
}

/// Fills in a field with a look of its own.
fn written(
    file: &[u8],
    field: &str,
    value: &str,
    content: &str,
    make: impl FnOnce(&mut Update, Dict) -> Dict,
) -> Vec<u8> {
    updated(file, |document, update| {
        let fields = document.form().expect("a form");
        let field = fields.field(field).expect("the field");
        let dict = make(update, form());
        let look = update.add_stream(dict, content.as_bytes());
        let dict = field.dict.clone().with("V", Object::text(value)).with("AP", Dict::new().with("N", look));
        update.put(field.reference, dict);
    })
}

fn plain(file: &[u8], value: &str, content: &str) -> Vec<u8> {
    written(file, "city", value, content, |_, form| form)
}

#[test]
fn letters_are_read_in_the_order_in_which_they_stand() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    for (value, content) in [
        ("1900", "BT /F 12 Tf 2 20 Td (1900) Tj ET"),
        ("1900", "BT /F 12 Tf 2 20 Td [(1) 60 (9) -80 (00)] TJ ET"),
        ("1900", "BT /F 12 Tf 2 20 Td (1) Tj 30 0 Td (9) Tj 30 0 Td (0) Tj 30 0 Td (0) Tj ET"),
        ("fill it in", "BT /F 12 Tf 2 20 Td (fi) Tj 6 0 Td (ll) Tj 8.6 0 Td (it) Tj 12 0 Td (in) Tj ET"),
        ("line one\nline two", "BT /F 12 Tf 40 30 Td (line one) Tj -38 -14 Td (line two) Tj ET"),
    ] {
        assert_permitted(&pki, &plain(&file, value, content));
    }
    for (value, content) in [
        ("1900", "BT /F 12 Tf 1 0 0 1 8.6 20 Tm (1) Tj 1 0 0 1 2 20 Tm (9) Tj 1 0 0 1 15.3 20 Tm (00) Tj ET"),
        ("1900", "BT /F 12 Tf -14 Tc 60 20 Td (1900) Tj ET"),
        ("19", "BT /F 12 Tf 60 20 Td [(1) 1500 (9)] TJ ET"),
        ("19", "BT /F 8 Tf 1 0 0 1 2 10 Tm (1) Tj 1 0 0 1 2 20 Tm (9) Tj ET"),
        ("13", "BT /F 12 Tf 2 20 Td (1) Tj 0 0 Td (3) Tj ET"),
        ("100", "BT /F 12 Tf 20 20 Td (1) Tj -10 0 Td (0) Tj -6 0 Td (0) Tj ET"),
        ("102", "BT /F 12 Tf 2 20 Td (10) Tj /F 8 Tf 5 Ts (2) Tj ET"),
        ("102", "BT /F 12 Tf 2 20 Td (10) Tj /F 5 Tf (2) Tj ET"),
        ("Alice owes Bob", "BT /F 12 Tf 90 20 Td (Alice) Tj -40 0 Td (owes) Tj -48 0 Td (Bob) Tj ET"),
    ] {
        assert_forbidden(&pki, &plain(&file, value, content), Code::ChangeLookUnreadable);
    }
}

#[test]
fn letters_stand_upright() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let upright = "BT /F 12 Tf 2 20 Td (66) Tj ET";
    let turned = |matrix: [f64; 6]| {
        written(&file, "city", "66", upright, |_, form| form.with("Matrix", Object::numbers(matrix)))
    };
    assert_permitted(&pki, &turned([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]));
    assert_forbidden(&pki, &turned([-1.0, 0.0, 0.0, -1.0, 0.0, 0.0]), Code::ChangeLookUnreadable);
    assert_forbidden(&pki, &turned([-1.0, 0.0, 0.0, 1.0, 0.0, 0.0]), Code::ChangeLookUnreadable);
    for content in [
        "BT /F 12 Tf -1 0 0 -1 40 30 Tm (66) Tj ET",
        "q -1 0 0 -1 40 30 cm BT /F 12 Tf (66) Tj ET Q",
        "BT /F -12 Tf 40 30 Td (66) Tj ET",
        "BT /F 12 Tf -100 Tz 40 20 Td (66) Tj ET",
        "BT /F 12 Tf 10 Tz 2 20 Td (66) Tj ET",
    ] {
        assert_forbidden(&pki, &plain(&file, "66", content), Code::ChangeLookUnreadable);
    }
    assert_permitted(&pki, &plain(&file, "66", "BT /F 12 Tf 90 Tz 1 0 0.2 1 2 20 Tm (66) Tj ET"));
    // A field that its style turns a quarter.
    let standing = signed_with(&pki, |_| {
        let [x, y, _, _] = BLANK;
        widget("Tx", [x, y, x + 48.0, y + 160.0])
            .with("MK", Dict::new().with("R", 90))
            .with("DA", Object::string("/Helv 0 Tf 0 g"))
    });
    let fill = |matrix: [f64; 6]| {
        written(&standing, "late", "66", upright, |_, form| form.with("Matrix", Object::numbers(matrix)))
    };
    assert_permitted(&pki, &fill([0.0, 1.0, -1.0, 0.0, 48.0, 0.0]));
    assert_forbidden(&pki, &fill([0.0, -1.0, 1.0, 0.0, 0.0, 160.0]), Code::ChangeLookUnreadable);
}

#[test]
fn letters_are_seen_whole() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let boxed = |value: &str, content: &str, width: f64| {
        written(&file, "city", value, content, |_, form| {
            form.with("BBox", Object::numbers([0.0, 0.0, width, 48.0]))
        })
    };
    let million = "BT /F 12 Tf 2 20 Td (1000000) Tj ET";
    assert_permitted(&pki, &boxed("1000000", million, 160.0));
    assert_permitted(&pki, &boxed("1000000", million, 100.0));
    assert_forbidden(&pki, &boxed("1000000", million, 28.0), Code::ChangeLookUnreadable);
    let clipped = |content: &str| plain(&file, "1000000", &format!("q {content} {million} Q"));
    assert_permitted(&pki, &clipped("2 2 156 44 re W n"));
    assert_forbidden(&pki, &clipped("2 2 30 44 re W n"), Code::ChangeLookUnreadable);
    assert_permitted(&pki, &plain(&file, "Q", "BT /F 40 Tf 2 12 Td (Q) Tj ET"));
    assert_forbidden(&pki, &plain(&file, "Q", "BT /F 40 Tf 2 -8 Td (Q) Tj ET"), Code::ChangeLookUnreadable);
}

#[test]
fn a_font_shows_what_it_says() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    assert_permitted(&pki, &filled(&file, "900", &text_look("900")));
    let mut lying = text_look("900");
    for (_, says) in &mut lying.fonts[0].glyphs {
        if says == "9" {
            *says = "1".to_owned();
        }
    }
    assert_forbidden(&pki, &filled(&file, "100", &lying), Code::ChangeLookUnreadable);
    let named = |name: &'static str| {
        written(&file, "city", "abc", "BT /F 12 Tf 2 20 Td (abc) Tj ET", |_, form| {
            let fonts = Dict::new().with("F", helvetica(name));
            form.with("Resources", Dict::new().with("Font", fonts))
        })
    };
    assert_permitted(&pki, &named("ArialMT"));
    for picture in ["Wingdings", "Webdings", "SymbolMT", "MyOwnSigns"] {
        assert_forbidden(&pki, &named(picture), Code::ChangeLookUnreadable);
    }
}

#[test]
fn letters_are_as_dark_as_letters_are() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    for content in [
        "BT /F 12 Tf 0 0 0.5 rg 2 20 Td (1000) Tj ET",
        "q 0 0 0.4 rg 0 0 160 48 re f Q BT /F 12 Tf 1 g 2 20 Td (1000) Tj ET",
        "BT /F 12 Tf 2 Tr 0.3 w 2 20 Td (1000) Tj ET",
    ] {
        assert_permitted(&pki, &plain(&file, "1000", content));
    }
    for content in [
        "BT /F 12 Tf 2 20 Td (100) Tj 0.9 g (0) Tj ET",
        "BT /F 12 Tf /Pattern cs /P scn 2 20 Td (1000) Tj ET",
        "BT /F 12 Tf 2 Tr 1 G 1 w 2 20 Td (1000) Tj ET",
    ] {
        assert_forbidden(&pki, &plain(&file, "1000", content), Code::ChangeLookUnreadable);
    }
}

/// The same number is another character where the font counts those of another script.
#[test]
fn a_font_that_is_not_in_the_file_counts_what_its_encoding_names() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let written = |ordering: &str| {
        written(&file, "city", "张三", "BT /F 12 Tf 2 20 Td <5f204e09> Tj ET", |_, form| {
            let system = Dict::new()
                .with("Registry", Object::string("Adobe"))
                .with("Ordering", Object::string(ordering.to_owned()))
                .with("Supplement", 4);
            let descendant = Dict::new()
                .with("Type", Object::name("Font"))
                .with("Subtype", Object::name("CIDFontType0"))
                .with("BaseFont", Object::name("STSong-Light"))
                .with("CIDSystemInfo", system);
            let font = helvetica("STSong-Light")
                .with("Subtype", Object::name("Type0"))
                .with("Encoding", Object::name("UniGB-UCS2-H"))
                .with("DescendantFonts", vec![Object::from(descendant)]);
            form.with("Resources", Dict::new().with("Font", Dict::new().with("F", font)))
        })
    };
    assert_permitted(&pki, &written("GB1"));
    assert_forbidden(&pki, &written("Japan1"), Code::ChangeLookUnreadable);
}

/// Nobody can tell what such a font draws; whoever signed has had it before them.
#[test]
fn a_font_that_was_signed_is_believed() {
    let pki = Pki::new();
    let own = |update: &mut Update| {
        let program = update.add_stream(Dict::new(), b"%!PS-AdobeFont-1.0: Own");
        let descriptor = Dict::new().with("Type", Object::name("FontDescriptor")).with("FontFile", program);
        let descriptor = update.add(descriptor);
        update.add(helvetica("Own").with("FontDescriptor", descriptor))
    };
    let base = updated(&sent(XrefKind::Table), |document, update| {
        let fields = document.form().expect("a form");
        let mut resources = fields.dict.value("DR").as_dict().expect("resources").clone();
        let mut fonts = resources.value("Font").as_dict().expect("fonts").clone();
        fonts.set("Own", own(update));
        resources.set("Font", fonts);
        let dict = fields.dict.clone().with("DR", resources);
        update.put(fields.reference.expect("an indirect form"), dict);
    });
    let file = sign(&pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let content = "BT /F 12 Tf 2 20 Td (abc) Tj ET";
    let fill = |font: &dyn Fn(&mut Update) -> Object| {
        written(&file, "city", "abc", content, |update, form| {
            let fonts = Dict::new().with("F", font(update));
            form.with("Resources", Dict::new().with("Font", fonts))
        })
    };
    let signed = crate::support::open(&file).form().expect("a form").dict.value("DR").clone();
    let signed =
        signed.as_dict().expect("resources").value("Font").as_dict().expect("fonts").value("Own").clone();
    assert_permitted(&pki, &fill(&|_| signed.clone()));
    assert_forbidden(&pki, &fill(&|update| own(update).into()), Code::ChangeLookUnreadable);
}

#[test]
fn only_a_border_is_drawn_beside_the_text() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let text = "BT /F 12 Tf 12 20 Td (100) Tj ET";
    let with = |more: &str| plain(&file, "100", &format!("q {more} Q {text}"));
    for border in [
        "0 G 1 w 0.5 0.5 159 47 re S",
        ".5 .5 159 47 re s 1 1 158 46 re W n",
        "2 w 0 1 m 160 1 l S",
        "0.75 g 1 1 m 1 47 l 159 47 l 157 45 l 3 45 l 3 3 l f",
        "0.9 0.9 1 rg 0 0 160 48 re f",
    ] {
        assert_permitted(&pki, &with(border));
    }
    for sign in [
        "1 w 3 24 m 9 24 l S",
        "3 23.5 6 1 re f",
        "1 w 12 24 m 32 24 l S",
        "1 w 12 28.2 m 18 28.2 l S",
        "1.2 w 1 J 18.3 20 m 18.3 20 l S",
        "1.2 w 1 J 18.3 20 m h S",
        "0.5 g 100 2 10 16 re f",
        "1 w 5 20 m 5 29 l S",
        "0.8 g 0 0 m 6 20 l 9 30 l 160 48 l 8 20 l f",
    ] {
        assert_forbidden(&pki, &with(sign), Code::ChangeLookUnreadable);
    }
}

/// Firefox writes the colours of a style anew, and when it did.
#[test]
fn a_style_may_be_written_otherwise_and_not_be_another_one() {
    let pki = Pki::new();
    let style = |border: &[f64]| {
        Dict::new().with("BC", border.iter().map(|part| Object::Real(*part)).collect::<Vec<_>>())
    };
    let file = signed_with(&pki, |_| {
        widget("Tx", BLANK).with("MK", style(&[0.0])).with("DA", Object::string("/Helv 0 Tf 0 g"))
    });
    let filled = written(&file, "late", "66", "BT /F 12 Tf 2 20 Td (66) Tj ET", |_, form| form);
    let styled = |style: Dict| {
        updated(&filled, |document, update| {
            let fields = document.form().expect("a form");
            let field = fields.field("late").expect("the field");
            let dict = field.dict.clone().with("MK", style).with("M", Object::text("D:20261123120000"));
            update.put(field.reference, dict);
        })
    };
    assert_permitted(&pki, &styled(style(&[0.0; 3])));
    assert_forbidden(&pki, &styled(style(&[1.0; 3])), Code::ChangeField);
    assert_forbidden(&pki, &styled(style(&[0.0; 3]).with("CA", Object::text("900"))), Code::ChangeField);
}

#[test]
fn a_look_brings_its_own_resources() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let name = crate::support::open(&file).form().expect("a form").dict.value("DR").clone();
    let fonts = name.as_dict().expect("resources").value("Font").as_dict().expect("fonts").clone();
    let (font, _) = fonts.iter().next().expect("a font");
    let content = format!("BT /{} 12 Tf 2 20 Td (abc) Tj ET", font.to_text());
    let with = |resources: Option<Dict>| {
        written(&file, "city", "abc", &content, |_, mut form| {
            form.remove("Resources");
            match resources {
                Some(resources) => form.with("Resources", resources),
                None => form,
            }
        })
    };
    assert_permitted(&pki, &with(Some(Dict::new().with("Font", fonts.clone()))));
    assert_forbidden(&pki, &with(None), Code::ChangeLookUnreadable);
}

#[test]
fn the_bar_of_a_list_marks_the_option_that_is_chosen() {
    let pki = Pki::new();
    let file = signed_with(&pki, |_| {
        let options = ["one", "two", "three"].map(Object::text).to_vec();
        widget("Ch", BLANK).with("Opt", options).with("DA", Object::string("/Helv 0 Tf 0 g"))
    });
    let choose = |bar: &str| {
        let text = "BT /F 12 Tf 0 g 2 35 Td (one) Tj 0 -15 Td (two) Tj 0 -15 Td (three) Tj ET";
        written(&file, "late", "two", &format!("0.6 0.75 0.85 rg {bar} {text}"), |_, form| form)
    };
    assert_permitted(&pki, &choose("0 16 160 15 re f"));
    assert_permitted(&pki, &choose(""));
    // Acrobat says by their places, too, which options are chosen, and when.
    let placed = |place: i64| {
        updated(&choose("0 16 160 15 re f"), |document, update| {
            let fields = document.form().expect("a form");
            let field = fields.field("late").expect("the field");
            let places = vec![Object::from(place)];
            let dict = field.dict.clone().with("I", places).with("M", Object::text("D:20261123120000Z"));
            update.put(field.reference, dict);
        })
    };
    assert_permitted(&pki, &placed(1));
    assert_forbidden(&pki, &placed(2), Code::ChangeField);
    for wrong in ["0 1 160 15 re f", "0 31 160 15 re f", "0 1 160 30 re f"] {
        assert_forbidden(&pki, &choose(wrong), Code::ChangeLookUnreadable);
    }
}
