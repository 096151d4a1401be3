//! Which XFA forms a signer may sign.

use vermilion_pdf::new::Builder;
use vermilion_pdf::{Dict, Object, Rect, Xfa, XrefKind};

use crate::support::open;

fn form(config: Option<&str>, needs_rendering: bool, whole: bool) -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    builder.text_page(Rect::new(0.0, 0.0, 595.0, 842.0), &["A form"]);
    let template = builder
        .add_stream(Dict::new(), b"<template xmlns='http://www.xfa.org/schema/xfa-template/3.0/'/>".to_vec());
    let xfa = match config {
        Some(config) => {
            let config = builder.add_stream(Dict::new(), config.as_bytes().to_vec());
            if whole {
                Object::from(config)
            } else {
                let packets =
                    [Object::text("template"), template.into(), Object::text("config"), config.into()];
                Object::from(packets.to_vec())
            }
        }
        None => Object::from(vec![Object::text("template"), template.into()]),
    };
    builder.catalog().set("AcroForm", Dict::new().with("Fields", Vec::new()).with("XFA", xfa));
    if needs_rendering {
        builder.catalog().set("NeedsRendering", true);
    }
    builder.finish()
}

#[test]
fn static_forms_are_told_from_dynamic_ones() {
    let dynamic =
        "<config><present><pdf/></present><acrobat><acrobat7><dynamicRender>\n required</dynamicRender>";
    let forbidden =
        "<config><acrobat><acrobat7><dynamicRender>forbidden</dynamicRender></acrobat7></acrobat></config>";
    for (bytes, expected) in [
        (form(None, false, false), Xfa::Static),
        (form(None, true, false), Xfa::Dynamic),
        (form(Some(forbidden), false, false), Xfa::Static),
        (form(Some(dynamic), false, false), Xfa::Dynamic),
        (form(Some(dynamic), false, true), Xfa::Dynamic),
        (form(Some(forbidden), false, true), Xfa::Static),
    ] {
        assert_eq!(open(&bytes).xfa().expect("read"), Some(expected));
    }
    assert_eq!(open(&testkit::pdf_samples::with_form(XrefKind::Table)).xfa().expect("read"), None);
}
