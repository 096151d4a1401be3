//! Signature fields and signature dictionaries as they stand in the file (ISO 32000-2, 12.8).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::form::{self, Field, FieldKind, FieldLock};
use crate::parser::Parser;
use crate::revision::Location;
use crate::{Dict, Object, ReadError, Ref};

/// A signature field, signed or not.
#[derive(Debug, Clone)]
pub struct SignatureField {
    /// The field with its name and widgets.
    pub field: Field,
    /// /Lock (12.7.5.5).
    pub lock: Option<FieldLock>,
    /// /SV, the seed value dictionary (12.7.5.5).
    pub seed_value: Option<Dict>,
    /// The signature; `None` for an empty field.
    pub signature: Option<Signature>,
}

/// A signature dictionary (Table 255). Nothing in it is verified here.
#[derive(Debug, Clone)]
pub struct Signature {
    /// The object that holds it; `None` where it is direct in the field.
    pub reference: Option<Ref>,
    /// The whole dictionary.
    pub dict: Dict,
    /// /Type: `Sig`, `DocTimeStamp`, or what stands there.
    pub kind: Option<String>,
    /// /Filter.
    pub filter: Option<String>,
    /// /SubFilter.
    pub sub_filter: Option<String>,
    /// /ByteRange exactly as written; `None` where it is missing or not an array of integers.
    pub byte_range: Option<Vec<i64>>,
    /// /Contents, unescaped; `None` where it is missing or no string.
    pub contents: Option<Vec<u8>>,
    /// The bytes of the file that hold the /Contents string, from `<` to `>` inclusive; `None` where the
    /// dictionary is not written plainly in the file or the string is not hexadecimal.
    pub contents_span: Option<Range<u64>>,
    /// /M, the claimed time of signing, as written.
    pub m: Option<String>,
    /// /Name.
    pub name: Option<String>,
    /// /Reason.
    pub reason: Option<String>,
    /// /Location.
    pub location: Option<String>,
    /// /ContactInfo.
    pub contact_info: Option<String>,
    /// /Reference: the transforms.
    pub references: Vec<TransformReference>,
    /// Index of the revision that last defined the dictionary's object.
    pub revision: usize,
}

/// A signature reference dictionary (Table 256).
#[derive(Debug, Clone)]
pub struct TransformReference {
    /// /TransformMethod with its parameters.
    pub transform: Transform,
    /// /DigestMethod.
    pub digest_method: Option<String>,
    /// /Data.
    pub data: Option<Ref>,
}

/// A transform method (12.8.2).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Transform {
    /// DocMDP (12.8.2.2).
    DocMdp(DocMdp),
    /// FieldMDP (12.8.2.4).
    FieldMdp(FieldLock),
    /// UR3 (12.8.2.3), usage rights.
    UsageRights,
    /// Anything else, by name.
    Other(String),
    /// Something that cannot be read, and may restrict anything.
    Unreadable,
}

/// What a certification permits after it (Table 257, /P).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocMdp {
    /// 1: nothing.
    NoChanges,
    /// 2: filling forms, instantiating templates, signing.
    FillForms,
    /// 3: also annotations.
    Annotate,
}

impl DocMdp {
    /// From /P.
    pub fn from_p(p: i64) -> Option<Self> {
        match p {
            1 => Some(Self::NoChanges),
            2 => Some(Self::FillForms),
            3 => Some(Self::Annotate),
            _ => None,
        }
    }

    /// The value of /P.
    pub fn p(self) -> i64 {
        match self {
            Self::NoChanges => 1,
            Self::FillForms => 2,
            Self::Annotate => 3,
        }
    }
}

pub(crate) fn signatures(document: &Document) -> Result<Vec<SignatureField>, ReadError> {
    let form = document.form()?;
    let fields = form.fields.into_iter().filter(|field| field.kind == FieldKind::Signature);
    fields.map(|field| signature_field(document, field)).collect()
}

fn signature_field(document: &Document, field: Field) -> Result<SignatureField, ReadError> {
    let lock = match &*document.value(&field.dict, "Lock")? {
        Object::Null => None,
        stated => Some(form::lock(document, stated)?),
    };
    let seed_value = document.value(&field.dict, "SV")?.as_dict().cloned();
    let signature = signature(document, &field)?;
    Ok(SignatureField { field, lock, seed_value, signature })
}

fn signature(document: &Document, field: &Field) -> Result<Option<Signature>, ReadError> {
    let reference = field.raw_value.as_reference();
    let value = document.follow(&field.raw_value)?;
    let Some(dict) = value.as_dict() else { return Ok(None) };
    let holder = reference.unwrap_or(field.reference);
    let located = document.locate(holder);
    let contents_span = match located {
        Some((_, Location::Offset(offset))) => contents_span(document, offset, holder, reference.is_none()),
        _ => None,
    };
    let text = |key| Ok::<_, ReadError>(document.value(dict, key)?.as_text());
    let name = |key| Ok::<_, ReadError>(document.value(dict, key)?.as_name().map(crate::Name::to_text));
    Ok(Some(Signature {
        reference,
        kind: name("Type")?,
        filter: name("Filter")?,
        sub_filter: name("SubFilter")?,
        byte_range: document
            .value(dict, "ByteRange")?
            .as_array()
            .and_then(|numbers| numbers.iter().map(Object::as_integer).collect()),
        contents: document.value(dict, "Contents")?.as_string().map(<[u8]>::to_vec),
        contents_span,
        m: text("M")?,
        name: text("Name")?,
        reason: text("Reason")?,
        location: text("Location")?,
        contact_info: text("ContactInfo")?,
        references: references(document, dict)?,
        revision: located.map_or(0, |(revision, _)| revision),
        dict: dict.clone(),
    }))
}

/// Where the hexadecimal /Contents of a signature dictionary stands: of the object itself, or of its direct /V.
fn contents_span(document: &Document, offset: u64, reference: Ref, in_value: bool) -> Option<Range<u64>> {
    let span = document.reader().parse(offset, |parser| {
        let (_, found) = parser.header()?;
        let mut spans = parser.value_spans()?;
        let data = parser.lexer.data();
        let mut base = 0;
        if in_value {
            let Some((_, value)) = spans.iter().rev().find(|(key, _)| *key == "V") else { return Ok(None) };
            base = value.start;
            let inner = data.get(value.clone()).unwrap_or_default();
            spans = Parser::new(inner, true, document.limits()).value_spans()?;
        }
        // The last of equal keys counts; two /Contents would let readers disagree, so there is no span then.
        let mut contents = spans.into_iter().filter(|(key, _)| *key == "Contents");
        let (Some((_, span)), None) = (contents.next(), contents.next()) else { return Ok(None) };
        let span = base + span.start..base + span.end;
        let text = data.get(span.clone()).unwrap_or_default();
        let is_hexadecimal = text.starts_with(b"<") && text.ends_with(b">");
        Ok((is_hexadecimal && found == reference).then_some(span))
    });
    let span = span.ok()??;
    let absolute = |at: usize| offset.checked_add(u64::try_from(at).ok()?);
    Some(absolute(span.start)?..absolute(span.end)?)
}

fn references(document: &Document, dict: &Dict) -> Result<Vec<TransformReference>, ReadError> {
    const MOST: usize = 64;
    let list = document.value(dict, "Reference")?;
    let unreadable =
        || TransformReference { transform: Transform::Unreadable, digest_method: None, data: None };
    let items = match &*list {
        Object::Null => return Ok(Vec::new()),
        Object::Array(items) => items.as_slice(),
        _ => return Ok(vec![unreadable()]),
    };
    let mut references = Vec::new();
    for item in items.iter().take(MOST) {
        let item = document.follow(item)?;
        references.push(match item.as_dict() {
            Some(item) => TransformReference {
                transform: transform(document, item)?,
                digest_method: document.value(item, "DigestMethod")?.as_name().map(crate::Name::to_text),
                data: item.value("Data").as_reference(),
            },
            None => unreadable(),
        });
    }
    if items.len() > MOST {
        references.push(unreadable());
    }
    Ok(references)
}

fn transform(document: &Document, reference: &Dict) -> Result<Transform, ReadError> {
    let method = document.value(reference, "TransformMethod")?;
    let params = document.value(reference, "TransformParams")?;
    let Some(method) = method.as_name().map(crate::Name::to_text) else { return Ok(Transform::Unreadable) };
    Ok(match method.as_str() {
        "DocMDP" => Transform::DocMdp(permission(document, &params)?),
        "FieldMDP" => Transform::FieldMdp(form::lock(document, &params)?),
        "UR" | "UR3" => Transform::UsageRights,
        _ => Transform::Other(method),
    })
}

/// The parameters of DocMDP (Table 257): 2 is the default; what does not exist or cannot be read permits nothing.
fn permission(document: &Document, params: &Object) -> Result<DocMdp, ReadError> {
    let stated = match (params, params.as_dict()) {
        (Object::Null, _) => return Ok(DocMdp::FillForms),
        (_, Some(params)) => document.value(params, "P")?,
        (_, None) => return Ok(DocMdp::NoChanges),
    };
    Ok(match &*stated {
        Object::Null => DocMdp::FillForms,
        stated => stated.as_integer().and_then(DocMdp::from_p).unwrap_or(DocMdp::NoChanges),
    })
}

pub(crate) fn certification(document: &Document) -> Result<Option<DocMdp>, ReadError> {
    // Permissions that are stated and cannot be read permit nothing.
    let permissions = document.value(&document.catalog()?, "Perms")?;
    let signature = match (&*permissions, permissions.as_dict()) {
        (Object::Null, _) => return Ok(None),
        (_, Some(permissions)) => document.value(permissions, "DocMDP")?,
        (_, None) => return Ok(Some(DocMdp::NoChanges)),
    };
    if signature.is_null() {
        return Ok(None);
    }
    let Some(signature) = signature.as_dict() else { return Ok(Some(DocMdp::NoChanges)) };
    let found =
        references(document, signature)?.into_iter().find_map(|reference| match reference.transform {
            Transform::DocMdp(permission) => Some(permission),
            _ => None,
        });
    // A certification without its parameters permits nothing.
    Ok(Some(found.unwrap_or(DocMdp::NoChanges)))
}
