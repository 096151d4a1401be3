//! Random changes of a signed file: whatever still counts as intact shows what was signed.

use std::sync::Arc;

use pades::{ChangesAfter, Condition, Indication};
use pdf::{Dict, Document, Limits, Object, Ref, Update, XrefKind, content};
use vermilion_pades as pades;

use crate::attacks::{signed_once, updated};
use crate::support::{Pki, completed, open};

/// A small generator, so that a run repeats: xorshift.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(limit.max(1)).expect("small")).expect("small")
    }
}

/// What a reader sees: everything that pages and annotations paint.
fn visible(document: &Document) -> Vec<String> {
    let mut seen = Vec::new();
    for index in 0..document.page_count().unwrap_or(0) {
        seen.push(format!("{:?}", content::page(document, index).map(|it| it.marks)));
        let Ok(page) = document.page(index) else { continue };
        seen.push(format!("{:?} {:?} {:?}", page.media_box, page.crop_box, page.rotation));
        let annots = document.value(&page.dict, "Annots").unwrap_or_default();
        for item in annots.as_array().unwrap_or_default() {
            let annotation = document.follow(item).unwrap_or_default();
            let Some(dict) = annotation.as_dict() else { continue };
            let looks = document.value(dict, "AP").unwrap_or_default();
            let Some(looks) = looks.as_dict() else { continue };
            let Ok(look) = document.value(looks, "N") else { continue };
            if let Object::Stream(look) = &*look {
                let drawing = content::form(document, look, pdf::Matrix::IDENTITY, &Dict::new());
                seen.push(format!("{:?} {:?}", dict.value("Rect"), drawing.map(|it| it.marks)));
            }
        }
    }
    seen
}

#[test]
fn a_changed_byte_never_passes_with_other_content() {
    let pki = Pki::new();
    for kind in [XrefKind::Table, XrefKind::Stream] {
        let file = completed(&pki, kind);
        let shown = visible(&open(&file));
        let mut dice = Dice(0x5eed_0001);
        let mut survived = 0;
        for _ in 0..250 {
            let mut bytes = file.clone();
            let at = dice.below(bytes.len());
            let old = bytes[at];
            bytes[at] = u8::try_from(dice.below(256)).expect("a byte");
            if bytes[at] == old {
                continue;
            }
            let Ok(document) = Document::open(Arc::new(bytes), &Limits::default()) else { continue };
            let report = pades::validate(&document, &pki.policy());
            let intact = |one: &pades::SignatureReport| one.reliability.content_intact == Condition::Met;
            if report.signatures.len() == 2 && report.signatures.iter().all(intact) {
                survived += 1;
                assert_eq!(visible(&document), shown, "byte {at}: {old} became another");
            }
        }
        // What survives stands in the hexadecimal padding or in validation material that nobody signed.
        eprintln!("{kind:?}: {survived} of 250 changes leave both signatures intact");
    }
}

/// Another value of the same type, or of another.
fn other(dice: &mut Dice, value: &Object, references: &[Ref]) -> Object {
    match (value, dice.below(5)) {
        (Object::Integer(number), 0..=2) => {
            Object::Integer(number + 1 + i64::try_from(dice.below(90)).expect("small"))
        }
        (Object::Real(number), 0..=2) => Object::Real(number * 2.0 + 1.0),
        (Object::Name(_), 0..=2) => Object::name("Other"),
        (Object::String(_), 0..=2) => Object::text("other"),
        (Object::Array(items), 0..=2) if !items.is_empty() => {
            let mut items = items.clone();
            let at = dice.below(items.len());
            items[at] = other(dice, &items[at].clone(), references);
            Object::Array(items)
        }
        (_, 3) => Object::Null,
        _ => references[dice.below(references.len())].into(),
    }
}

fn mutated(dice: &mut Dice, dict: &Dict, references: &[Ref]) -> Dict {
    let mut dict = dict.clone();
    let keys: Vec<String> = dict.iter().map(|(key, _)| key.to_text()).collect();
    if keys.is_empty() || dice.below(6) == 0 {
        let names =
            ["AP", "V", "Contents", "Resources", "F", "OC", "A", "AA", "Rotate", "MK", "Ff", "Kids", "AS"];
        dict.set(names[dice.below(names.len())], references[dice.below(references.len())]);
        return dict;
    }
    let key = keys[dice.below(keys.len())].clone();
    let old = dict.value(&key).clone();
    let new = match &old {
        Object::Dictionary(inner) if dice.below(3) > 0 => {
            Object::Dictionary(mutated(dice, inner, references))
        }
        old => other(dice, old, references),
    };
    if new.is_null() {
        dict.remove(&key);
    } else {
        dict.set(key, new);
    }
    dict
}

fn change_one(dice: &mut Dice, document: &Document, update: &mut Update) -> Ref {
    let references: Vec<Ref> = (1..document.size())
        .map(|number| Ref::new(number, 0))
        .filter(|reference| document.locate(*reference).is_some())
        .collect();
    let chosen = references[dice.below(references.len())];
    match &*document.resolve(chosen).expect("an object") {
        Object::Dictionary(dict) => update.put(chosen, mutated(dice, dict, &references)),
        Object::Stream(stream) => {
            let mut dict = stream.dict.clone();
            for key in ["Length", "Filter", "DecodeParms"] {
                dict.remove(key);
            }
            let mut data = document.decoded(stream).unwrap_or_default();
            if dice.below(2) == 0 {
                data.extend_from_slice(b" 0 0 200 200 re f");
                update.put_stream(chosen, dict, &data);
            } else {
                update.put_stream(chosen, mutated(dice, &dict, &references), &data);
            }
        }
        value => {
            let value = other(dice, value, &references);
            update.put(chosen, value);
        }
    }
    chosen
}

#[test]
fn a_changed_object_never_passes_with_other_content() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let shown = visible(&open(&file));
    let mut dice = Dice(0x5eed_0002);
    let (mut permitted, mut forbidden) = (0, 0);
    for _ in 0..400 {
        let mut chosen = Vec::new();
        let attack = updated(&file, |document, update| {
            for _ in 0..=dice.below(3) {
                chosen.push(change_one(&mut dice, document, update));
            }
        });
        let Ok(document) = Document::open(Arc::new(attack), &Limits::default()) else { continue };
        let report = pades::validate(&document, &pki.policy());
        let Some(one) = report.signatures.iter().find(|one| one.field == "alice") else {
            assert_ne!(report.indication, Indication::TotalPassed);
            continue;
        };
        if one.reliability.content_intact == Condition::Met {
            permitted += 1;
            assert_eq!(visible(&document), shown, "{chosen:?}: {:?}", one.changes);
        } else {
            forbidden += 1;
            assert_ne!(one.changes_after, ChangesAfter::None);
            assert_eq!(one.indication, Indication::TotalFailed);
        }
    }
    assert!(forbidden > 100, "{forbidden} forbidden, {permitted} permitted");
}

/// Renders with a program of others what we call intact.
#[test]
fn what_passes_looks_the_same_to_another_program() {
    let Some(mutool) = testkit::tool("mutool") else { return };
    let pki = Pki::new();
    let file = signed_once(&pki);
    let folder = tempfile::tempdir().expect("a folder");
    let drawn = |name: &str, bytes: &[u8]| -> Vec<Vec<u8>> {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        let pattern = folder.path().join(format!("{name}-%d.png"));
        let mut command = mutool.command();
        let _ = testkit::run(command.args(["draw", "-q", "-r", "40", "-o"]).arg(&pattern).arg(&path));
        (1..=2)
            .map(|page| std::fs::read(folder.path().join(format!("{name}-{page}.png"))).unwrap_or_default())
            .collect()
    };
    let before = drawn("before.pdf", &file);
    assert!(before.iter().all(|page| !page.is_empty()), "mutool draws nothing");
    let mut dice = Dice(0x5eed_0003);
    let mut compared = 0;
    for round in 0..300 {
        let attack = updated(&file, |document, update| {
            change_one(&mut dice, document, update);
        });
        let Ok(document) = Document::open(Arc::new(attack.clone()), &Limits::default()) else { continue };
        let report = pades::validate(&document, &pki.policy());
        let intact = |one: &&pades::SignatureReport| one.reliability.content_intact == Condition::Met;
        if report.signatures.iter().filter(intact).count() == 0 {
            continue;
        }
        compared += 1;
        assert_eq!(drawn(&format!("{round}.pdf"), &attack), before, "round {round}");
        if compared >= 12 {
            break;
        }
    }
    eprintln!("{compared} files that pass were drawn by mutool");
}
