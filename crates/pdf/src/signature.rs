//! Signature fields and signature dictionaries as they stand in the file (ISO 32000-2, 12.8).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::form::{Field, FieldLock};
use crate::{Dict, Ref};

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
