//! A field that is filled in after a signature must show what it holds.

use pades::{ChangesAfter, Code};
use pdf::{Appearance, Dict, Document, Object, Update, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, first_changes, signed_once, updated};
use crate::support::{Pki, Stamped, joined, judge, look, open, request, sent, sign, text_look};

/// Sets the value and the look of the text field, as any editor does.
pub(crate) fn filled(file: &[u8], value: &str, shown: &Appearance) -> Vec<u8> {
    updated(file, |document, update| {
        let form = document.form().expect("a form");
        let city = form.field("city").expect("the field");
        let look = shown.write(update).expect("an appearance");
        let dict = city.dict.clone().with("V", Object::text(value)).with("AP", Dict::new().with("N", look));
        update.put(city.reference, dict);
    })
}

fn content(look: &Appearance) -> String {
    String::from_utf8(look.content.clone()).expect("operators")
}

fn drawn(content: &str) -> Appearance {
    Appearance { content: content.as_bytes().to_vec(), ..text_look("9000") }
}

#[test]
fn a_look_that_shows_another_text_is_found() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    assert_forbidden(&pki, &filled(&file, "1000", &text_look("9000")), Code::ChangeLookNotValue);
    assert_forbidden(&pki, &filled(&file, "上海", &text_look("北京")), Code::ChangeLookNotValue);
    for honest in ["1000", "上海 Shanghai", "two  words, and “quotes”"] {
        let file = filled(&file, honest, &text_look(honest));
        assert_eq!(first_changes(&pki, &file), (ChangesAfter::Permitted, vec![]), "{honest}");
    }
}

#[test]
fn a_text_that_cannot_be_seen_does_not_count_as_shown() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let honest = String::from_utf8(text_look("9000").content).expect("operators");
    assert_eq!(first_changes(&pki, &filled(&file, "9000", &drawn(&honest))).0, ChangesAfter::Permitted);
    let white = honest.replace("0.000 0.000 0.000 rg", "1 1 1 rg");
    assert_forbidden(&pki, &filled(&file, "9000", &drawn(&white)), Code::ChangeLookNotValue);
    let invisible = honest.replace("BT\n", "BT 3 Tr\n");
    assert_forbidden(&pki, &filled(&file, "9000", &drawn(&invisible)), Code::ChangeLookNotValue);
    let outside = honest.replace("BT\n", "1 0 0 1 900 900 cm BT\n");
    assert_forbidden(&pki, &filled(&file, "9000", &drawn(&outside)), Code::ChangeLookNotValue);
    let tiny = honest.replace("BT\n", "0.01 0 0 0.01 2 2 cm BT\n");
    assert_forbidden(&pki, &filled(&file, "9000", &drawn(&tiny)), Code::ChangeLookNotValue);
}

#[test]
fn a_look_that_draws_instead_of_writing_is_found() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let honest = String::from_utf8(text_look("9000").content).expect("operators");
    let covered = format!("{honest} 1 g 0 0 160 48 re f");
    assert_forbidden(&pki, &filled(&file, "9000", &drawn(&covered)), Code::ChangeLookUnreadable);
    let curved = format!("5 5 m 10 20 30 20 40 5 c S {honest}");
    assert_forbidden(&pki, &filled(&file, "9000", &drawn(&curved)), Code::ChangeLookUnreadable);
    let pixels = format!("BI /W 1 /H 1 /BPC 8 /CS /G ID x EI {honest}");
    assert_forbidden(&pki, &filled(&file, "9000", &drawn(&pixels)), Code::ChangeLookUnreadable);
    let framed = format!("1 g 0 0 160 48 re f 0 G 1 w 0.5 0.5 159 47 re S {honest}");
    assert_eq!(first_changes(&pki, &filled(&file, "9000", &drawn(&framed))).0, ChangesAfter::Permitted);
}

/// Each line is thin; side by side they are a bar.
#[test]
fn thin_lines_that_hide_the_text_together_are_found() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let honest = String::from_utf8(text_look("9000").content).expect("operators");
    let lined = |step: usize| {
        let lines: String = (0..160).step_by(step).map(|x| format!("{x} 0 m {x} 48 l S\n")).collect();
        drawn(&format!("{honest} q 1.2 w 0.5 G {} Q", if step > 2 { lines } else { lines[..900].to_owned() }))
    };
    assert_forbidden(&pki, &filled(&file, "9000", &lined(1)), Code::ChangeLookUnreadable);
    assert_forbidden(&pki, &filled(&file, "9000", &lined(12)), Code::ChangeLookUnreadable);
    // A comb, which has a place for each letter.
    const COMB: i64 = 1 << 24;
    let base = with_field(&sent(XrefKind::Table), |_| {
        widget("Tx", "comb").with("Ff", COMB).with("MaxLen", 10).with("DA", Object::string("/Helv 0 Tf 0 g"))
    });
    let file = sign(&pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let comb = |rules: [u8; 4]| {
        let letter = text_look("9");
        let letters: String =
            (0..4).map(|at| format!("q 1 0 0 1 {} 0 cm {} Q\n", 16 * at, content(&letter))).collect();
        let rules: String = rules.map(|x| format!("{x} 0 m {x} 48 l S\n")).concat();
        let look = Appearance { content: format!("{letters} q 1 w 0 G {rules} Q").into_bytes(), ..letter };
        alter(&file, "comb", |update, dict| {
            let look = look.write(update).expect("a look");
            dict.with("V", Object::text("9999")).with("AP", Dict::new().with("N", look))
        })
    };
    assert_eq!(first_changes(&pki, &comb([16, 32, 48, 64])), (ChangesAfter::Permitted, vec![]));
    assert_forbidden(&pki, &comb([5, 32, 48, 64]), Code::ChangeLookUnreadable);
}

#[test]
fn a_value_under_an_old_look_is_found() {
    let pki = Pki::new();
    let file = filled(&signed_once(&pki), "Beijing", &text_look("Beijing"));
    let stale = updated(&file, |document, update| {
        let form = document.form().expect("a form");
        let city = form.field("city").expect("the field");
        update.put(city.reference, city.dict.clone().with("V", Object::text("Shanghai")));
    });
    assert_forbidden(&pki, &stale, Code::ChangeLookNotValue);
    let without = updated(&file, |document, update| {
        let form = document.form().expect("a form");
        let mut dict = form.field("city").expect("the field").dict.clone();
        dict.remove("AP");
        dict.set("V", Object::text("Shanghai"));
        update.put(form.field("city").expect("the field").reference, dict);
    });
    assert_forbidden(&pki, &without, Code::ChangeLookUnreadable);
    let again = filled(&file, "Shanghai", &text_look("Shanghai"));
    assert_eq!(first_changes(&pki, &again), (ChangesAfter::Permitted, vec![]));
}

#[test]
fn a_value_without_a_look_is_one_that_every_program_draws_alike() {
    let pki = Pki::new();
    for style in ["/Helv 12 Tf 0 g", "/Helv 0 Tf 0 g"] {
        let base =
            with_field(&sent(XrefKind::Table), |_| widget("Tx", "amount").with("DA", Object::string(style)));
        let file = sign(&pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
        let set = |value: &str| alter(&file, "amount", |_, dict| dict.with("V", Object::text(value)));
        for honest in ["500", "Zürich", "(a) \\ b"] {
            assert_eq!(first_changes(&pki, &set(honest)), (ChangesAfter::Permitted, vec![]), "{honest}");
        }
        let aside = format!("100 EUR{}and 900 EUR each month", " ".repeat(60));
        for odd in [&aside, "100 EUR\n\n\nand 900", "100\0 900", "100\u{8}900", "张三", "\u{202e}001"] {
            assert_forbidden(&pki, &set(odd), Code::ChangeLookUnreadable);
        }
    }
}

/// Adds a field to the form and to the first page, before anyone signs.
pub(crate) fn with_field(base: &[u8], make: impl FnOnce(&mut Update) -> Dict) -> Vec<u8> {
    updated(base, |document, update| {
        let dict = make(update);
        let page = document.page_refs().expect("pages")[0];
        let field = update.add(dict.with("P", page));
        let mut page_dict = update.get_dict(page).expect("a page");
        let annots = document.value(&page_dict, "Annots").expect("annotations");
        let mut annots = annots.as_array().expect("an array").to_vec();
        annots.push(field.into());
        page_dict.set("Annots", annots);
        update.put(page, page_dict);
        let form = document.form().expect("a form");
        let mut fields = form.dict.value("Fields").as_array().expect("fields").to_vec();
        fields.push(field.into());
        update.put(form.reference.expect("an indirect form"), form.dict.clone().with("Fields", fields));
    })
}

pub(crate) fn widget(kind: &'static str, name: &str) -> Dict {
    Dict::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name(kind))
        .with("T", Object::text(name))
        .with("F", 4)
        .with("Rect", Object::numbers([72.0, 500.0, 232.0, 548.0]))
}

pub(crate) fn alter(file: &[u8], field: &str, change: impl FnOnce(&mut Update, Dict) -> Dict) -> Vec<u8> {
    updated(file, |document, update| {
        let form = document.form().expect("a form");
        let field = form.field(field).expect("the field");
        let dict = change(update, field.dict.clone());
        update.put(field.reference, dict);
    })
}

#[test]
fn a_check_box_takes_only_states_that_it_had() {
    let pki = Pki::new();
    let base = with_field(&sent(XrefKind::Table), |update| {
        let (on, off) = (look("0 0 0").write(update), look("0.5 0.5 0.5").write(update));
        let states = Dict::new().with("Yes", on.expect("a look")).with("Off", off.expect("a look"));
        widget("Btn", "agree")
            .with("AS", Object::name("Off"))
            .with("V", Object::name("Off"))
            .with("AP", Dict::new().with("N", states))
    });
    let file = sign(&pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let set = |value: &'static str, state: &'static str| {
        alter(&file, "agree", |_, dict| dict.with("V", Object::name(value)).with("AS", Object::name(state)))
    };
    assert_eq!(first_changes(&pki, &set("Yes", "Yes")), (ChangesAfter::Permitted, vec![]));
    assert_forbidden(&pki, &set("Yes", "Off"), Code::ChangeState);
    assert_forbidden(&pki, &set("Off", "Yes"), Code::ChangeState);
    assert_forbidden(&pki, &set("Maybe", "Maybe"), Code::ChangeState);
}

#[test]
fn a_choice_shows_the_words_of_its_option() {
    const COMBO: i64 = 1 << 17;
    let pki = Pki::new();
    let base = with_field(&sent(XrefKind::Table), |update| {
        let empty = text_look("").write(update).expect("a look");
        let option =
            |export: &str, shown: &str| Object::Array(vec![Object::text(export), Object::text(shown)]);
        widget("Ch", "country")
            .with("Ff", COMBO)
            .with("Opt", Object::Array(vec![option("cn", "China"), option("de", "Germany")]))
            .with("AP", Dict::new().with("N", empty))
    });
    let file = sign(&pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let choose = |value: &'static str, shown: &str| {
        let shown = text_look(shown);
        alter(&file, "country", |update, dict| {
            let look = shown.write(update).expect("a look");
            dict.with("V", Object::text(value)).with("AP", Dict::new().with("N", look))
        })
    };
    assert_eq!(first_changes(&pki, &choose("cn", "China")), (ChangesAfter::Permitted, vec![]));
    assert_forbidden(&pki, &choose("cn", "Germany"), Code::ChangeLookNotValue);
    assert_forbidden(&pki, &choose("cn", "cn"), Code::ChangeLookNotValue);
}

fn ask_for_looks(document: &Document, update: &mut Update) {
    let form = document.form().expect("a form");
    let dict = form.dict.clone().with("NeedAppearances", true);
    update.put(form.reference.expect("an indirect form"), dict);
}

#[test]
fn drawing_anew_must_not_show_anything_else() {
    let pki = Pki::new();
    // Whoever signs sees “1”; a program that draws fields anew shows a million.
    let trap = filled(&sent(XrefKind::Table), "1000000", &text_look("1"));
    let file = sign(&pki, &trap, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    assert_forbidden(&pki, &updated(&file, ask_for_looks), Code::ChangeLookNotValue);
    let plain = filled(&sent(XrefKind::Table), "1000000", &text_look("1000000"));
    let file = sign(&pki, &plain, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let honest = updated(&file, ask_for_looks);
    assert_eq!(first_changes(&pki, &honest), (ChangesAfter::Permitted, vec![]));
    let report = judge(&pki, &honest);
    let told = report.signatures[0].changes.iter().any(|it| it.what.code == Code::ChangeNeedAppearances);
    assert!(told, "{:?}", report.signatures[0].changes);
}

#[test]
fn fonts_of_the_form_may_come_but_not_change() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let fonts = |name: &'static str, base: &'static str| {
        updated(&file, |document, update| {
            let form = document.form().expect("a form");
            let font = Dict::new()
                .with("Type", Object::name("Font"))
                .with("Subtype", Object::name("Type1"))
                .with("BaseFont", Object::name(base));
            let font = update.add(font);
            let mut resources = form.dict.value("DR").as_dict().expect("resources").clone();
            let mut all = resources.value("Font").as_dict().expect("fonts").clone();
            all.set(name, font);
            resources.set("Font", all);
            let dict = form.dict.clone().with("DR", resources);
            update.put(form.reference.expect("an indirect form"), dict);
        })
    };
    assert_forbidden(&pki, &fonts("Helv", "Symbol"), Code::ChangeForm);
    assert_eq!(first_changes(&pki, &fonts("More", "Courier")), (ChangesAfter::Permitted, vec![]));
}

#[test]
fn an_xfa_form_may_not_come() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let attack = updated(&file, |document, update| {
        let form = document.form().expect("a form");
        let xfa = update.add_stream(Dict::new(), b"<xdp:xdp/>");
        update.put(form.reference.expect("an indirect form"), form.dict.clone().with("XFA", xfa));
    });
    assert_forbidden(&pki, &attack, Code::ChangeForm);
    let honest = joined(&file, &pades::append_dss(&open(&file), &pki.dss(&[])).expect("a store"));
    assert_eq!(first_changes(&pki, &honest).0, ChangesAfter::Permitted);
}

/// What a program of others writes when a person fills in a field.
#[test]
fn a_field_filled_in_by_mutool_is_permitted() {
    let Some(mutool) = testkit::tool("mutool") else { return };
    let pki = Pki::new();
    let folder = tempfile::tempdir().expect("a folder");
    let (script, before, after) =
        (folder.path().join("fill.js"), folder.path().join("in.pdf"), folder.path().join("out.pdf"));
    std::fs::write(&before, signed_once(&pki)).expect("written");
    let text = "var doc = Document.openDocument(scriptArgs[0]);\n\
        var page = doc.loadPage(0);\n\
        var widgets = page.getWidgets();\n\
        for (var i = 0; i < widgets.length; ++i)\n\
            if (widgets[i].getFieldType() == 'text') widgets[i].setTextValue('Beijing, 3 (west)');\n\
        page.update();\n\
        doc.save(scriptArgs[1], 'incremental');\n";
    std::fs::write(&script, text).expect("written");
    let mut command = mutool.command();
    let (done, said) = testkit::run(command.arg("run").arg(&script).arg(&before).arg(&after));
    if !done || !after.exists() {
        eprintln!("SKIPPED: this mutool does not fill in forms: {said}");
        return;
    }
    let file = std::fs::read(&after).expect("readable");
    let report = judge(&pki, &file);
    let one = &report.signatures[0];
    assert_eq!(one.changes_after, ChangesAfter::Permitted, "{:?}", one.changes);
    assert!(one.changes.iter().any(|it| it.what.code == Code::ChangeFieldFilled), "{:?}", one.changes);
}
