//! XFA forms: what is in the file can be signed, what a reader makes up cannot.

use pdf::new::Builder;
use pdf::{Dict, Object, Rect, XrefKind};

use crate::support::{Pki, open, sign_foreign};

fn form(config: &str) -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    builder.text_page(Rect::new(0.0, 0.0, 595.0, 842.0), &["A form"]);
    let config = builder.add_stream(Dict::new(), config.as_bytes().to_vec());
    let packets = vec![Object::text("config"), Object::from(config)];
    builder.catalog().set("AcroForm", Dict::new().with("Fields", Vec::new()).with("XFA", packets));
    builder.finish()
}

#[test]
fn a_static_form_is_signed_and_stays_as_it_is_and_a_dynamic_one_is_refused() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let original = form(
        "<config><acrobat><acrobat7><dynamicRender>forbidden</dynamicRender></acrobat7></acrobat></config>",
    );
    let signed = sign_foreign(&pki, &alice, &original).expect("signed");
    let xfa = |bytes: &[u8]| {
        let document = open(bytes);
        let form = document.form().expect("a form");
        let packet = form.dict.value("XFA").as_array().expect("packets")[1].as_reference().expect("a stream");
        (form.dict.value("XFA").clone(), document.locate(packet))
    };
    assert_eq!(xfa(&signed), xfa(&original));
    assert_eq!(open(&signed).signatures().expect("read").len(), 1);

    let dynamic = form(
        "<config><acrobat><acrobat7><dynamicRender>required</dynamicRender></acrobat7></acrobat></config>",
    );
    let refusal = sign_foreign(&pki, &alice, &dynamic).expect_err("refused");
    assert!(refusal.contains("dynamic XFA form"), "{refusal}");
}
