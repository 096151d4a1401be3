use testkit::pdf_samples;
use vermilion_pdf::{
    Dict, DocMdp, FieldKind, FieldValue, Object, Transform, Update, UpdateError, XrefKind, hash_ranges,
};

use crate::support::{joined, open};

/// A file with a signature dictionary of 64 reserved bytes in the field `seller`, and the tail.
fn signed(kind: XrefKind) -> (Vec<u8>, vermilion_pdf::Tail) {
    let original = pdf_samples::with_form(kind);
    let document = open(&original);
    let form = document.form().expect("a form");
    let field = form.field("seller").expect("the field");
    let mut update = Update::new(&document);
    let signature = update.allocate();
    let params =
        Dict::new().with("Type", Object::name("TransformParams")).with("P", 2).with("V", Object::name("1.2"));
    let reference =
        Dict::new().with("TransformMethod", Object::name("DocMDP")).with("TransformParams", params);
    let dict = Dict::new()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.CAdES.detached"))
        .with("M", Object::string("D:20261123010203Z"))
        .with("Reason", Object::text("同意 I agree"))
        .with("Reference", vec![Object::from(reference)]);
    update.put_signature(signature, dict.clone(), 64).expect("the first");
    assert!(matches!(update.put_signature(signature, dict, 64), Err(UpdateError::SecondSignature)));
    let mut widget = update.get_dict(field.reference).expect("a field");
    widget.set("V", signature);
    update.put(field.reference, widget);
    let mut catalog = document.catalog().expect("a catalog");
    catalog.set("Perms", Dict::new().with("DocMDP", signature));
    update.put(document.catalog_ref(), catalog);
    (original, update.finish().expect("an update"))
}

#[test]
fn the_placeholder_is_where_it_says() {
    for kind in [XrefKind::Table, XrefKind::Stream, XrefKind::Hybrid] {
        let (original, mut tail) = signed(kind);
        let placeholder = tail.signature.clone().expect("a placeholder");
        tail.set_contents(&[0xab; 10]).expect("it fits");
        assert!(matches!(
            tail.set_contents(&[1; 65]),
            Err(UpdateError::ContentsTooLarge { size: 65, reserved: 64 })
        ));
        let file = joined(&original, &tail);
        let at = |span: &std::ops::Range<u64>| &file[span.start as usize..span.end as usize];
        let contents = at(&placeholder.contents_span);
        assert!(contents.starts_with(b"<abababababababababab00") && contents.ends_with(b"00>"));
        assert_eq!(contents.len(), 2 + 2 * 64);
        let byte_range = String::from_utf8_lossy(at(&placeholder.byte_range_span)).into_owned();
        let [_, one, two, three] = placeholder.byte_range;
        assert!(byte_range.starts_with(&format!("[0 {one} {two} {three} ")) && byte_range.ends_with(']'));
        assert_eq!(two + three, file.len() as u64);

        let document = open(&file);
        let fields = document.signatures().expect("signatures");
        let [field] = &fields[..] else { panic!("one field") };
        let signature = field.signature.as_ref().expect("signed");
        assert_eq!(signature.contents_span, Some(placeholder.contents_span.clone()));
        assert_eq!(signature.byte_range, Some(vec![0, one as i64, two as i64, three as i64]));
        assert_eq!(signature.contents.as_ref().expect("contents").len(), 64);
        assert_eq!(signature.reason.as_deref(), Some("同意 I agree"));
        assert_eq!(signature.m.as_deref(), Some("D:20261123010203Z"));
        assert_eq!(signature.sub_filter.as_deref(), Some("ETSI.CAdES.detached"));
        assert_eq!((signature.revision, field.field.name.as_str()), (1, "seller"));
        assert_eq!(signature.references[0].transform, Transform::DocMdp(DocMdp::FillForms));
        assert_eq!(document.certification().expect("read"), Some(DocMdp::FillForms));
        assert!(document.account(1).expect("an account").is_clean());

        let mut length = 0;
        hash_ranges(&**document.source(), placeholder.covered(), |bytes| length += bytes.len())
            .expect("hashed");
        assert_eq!(length + contents.len(), file.len());
    }
}

#[test]
fn the_form_is_read_with_names_pages_and_values() {
    let document = open(&pdf_samples::with_form(XrefKind::Stream));
    let form = document.form().expect("a form");
    let names: Vec<_> = form.fields.iter().map(|field| (field.name.as_str(), field.kind)).collect();
    assert_eq!(
        names,
        [("buyer.name", FieldKind::Text), ("agreed", FieldKind::Button), ("seller", FieldKind::Signature)]
    );
    let text = form.field("buyer.name").expect("the field");
    assert_eq!(text.value, FieldValue::Text("陈 Chen".into()));
    assert_eq!(text.default_appearance.as_deref(), Some(&b"/Helv 0 Tf 0 g"[..]));
    assert_eq!(text.parents.len(), 1);
    assert_eq!(text.widgets[0].page, Some(0));
    assert_eq!(text.widgets[0].rect.map(|rect| rect.x1), Some(300.0));
    assert!(!form.is_damaged && !form.has_xfa);
    assert!(document.signatures().expect("read")[0].signature.is_none());
    assert_eq!(document.certification().expect("read"), None);
}
