//! The nine types of PDF objects (ISO 32000-2, 7.3).

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A reference to an indirect object (7.3.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ref {
    /// Object number.
    pub number: u32,
    /// Generation number.
    pub generation: u16,
}

impl Ref {
    /// A reference from its two numbers.
    pub const fn new(number: u32, generation: u16) -> Self {
        Self { number, generation }
    }
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number, self.generation)
    }
}

/// A name (7.3.5), without the slash and with `#` escapes decoded.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Cow<'static, [u8]>);

impl Name {
    /// A name known at compile time; allocates nothing.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name.as_bytes()))
    }

    /// A name from any bytes.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(Cow::Owned(bytes.to_vec()))
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its text, lossily where it is not UTF-8.
    pub fn to_text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", String::from_utf8_lossy(&self.0))
    }
}

impl From<&'static str> for Name {
    fn from(name: &'static str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Name {
    fn from(name: String) -> Self {
        Self(Cow::Owned(name.into_bytes()))
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

/// A string (7.3.4): bytes, and whether it is written in hexadecimal.
#[derive(Clone, PartialEq, Eq)]
pub struct PdfString {
    /// Its bytes, unescaped and decrypted.
    pub bytes: Vec<u8>,
    /// Written as `<…>` instead of `(…)`.
    pub hex: bool,
}

impl fmt::Debug for PdfString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({})", String::from_utf8_lossy(&self.bytes))
    }
}

/// Where the encoded data of a stream is.
#[derive(Clone, PartialEq)]
pub enum StreamBody {
    /// In memory, encoded as the dictionary's /Filter says, not encrypted.
    Owned(Arc<[u8]>),
    /// In the file, encoded and maybe encrypted; `owner` is the stream object, whose number enters the key.
    InFile {
        /// Absolute span of the encoded bytes.
        span: Range<u64>,
        /// The stream object.
        owner: Ref,
    },
}

impl fmt::Debug for StreamBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owned(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::InFile { span, .. } => write!(f, "bytes {}..{}", span.start, span.end),
        }
    }
}

/// A stream (7.3.8): a dictionary and data.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    /// The stream dictionary.
    pub dict: Dict,
    /// The data as stored.
    pub body: StreamBody,
}

/// Any PDF object.
#[derive(Clone, Default, PartialEq)]
pub enum Object {
    /// `null`, also what a reference to a missing object stands for.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A real number.
    Real(f64),
    /// A string.
    String(PdfString),
    /// A name.
    Name(Name),
    /// An array.
    Array(Vec<Object>),
    /// A dictionary.
    Dictionary(Dict),
    /// A stream; always indirect.
    Stream(Stream),
    /// A reference to an indirect object.
    Reference(Ref),
}

impl Object {
    /// A literal string.
    pub fn string(bytes: impl Into<Vec<u8>>) -> Self {
        Self::String(PdfString { bytes: bytes.into(), hex: false })
    }

    /// A string written in hexadecimal.
    pub fn hex_string(bytes: impl Into<Vec<u8>>) -> Self {
        Self::String(PdfString { bytes: bytes.into(), hex: true })
    }

    /// A text string (7.9.2): PDFDocEncoding where it is ASCII, else UTF-16BE.
    pub fn text(text: &str) -> Self {
        Self::String(crate::text_string(text))
    }

    /// A name.
    pub fn name(name: impl Into<Name>) -> Self {
        Self::Name(name.into())
    }

    /// An array of numbers.
    pub fn numbers(numbers: impl IntoIterator<Item = f64>) -> Self {
        Self::Array(numbers.into_iter().map(Self::Real).collect())
    }

    /// An array of four numbers, to a thousandth of a point.
    pub fn rect(rect: crate::Rect) -> Self {
        Self::numbers([rect.x0, rect.y0, rect.x1, rect.y1].map(|n| (n * 1000.0).round() / 1000.0))
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The integer, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(value) = self { Some(*value) } else { None }
    }

    /// The number, integer or real.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Real(value) => Some(*value),
            // Beyond i32 no coordinate is meaningful; saturating keeps the sign.
            Self::Integer(value) => {
                Some(i32::try_from(*value).map_or(if *value < 0 { -2.0e9 } else { 2.0e9 }, f64::from))
            }
            _ => None,
        }
    }

    /// The string's bytes, if it is a string.
    pub fn as_string(&self) -> Option<&[u8]> {
        if let Self::String(value) = self { Some(&value.bytes) } else { None }
    }

    /// The string as text (7.9.2.2), if it is a string.
    pub fn as_text(&self) -> Option<String> {
        self.as_string().map(crate::text_string_value)
    }

    /// The name, if it is one.
    pub fn as_name(&self) -> Option<&Name> {
        if let Self::Name(value) = self { Some(value) } else { None }
    }

    /// Whether it is this name.
    pub fn is_name(&self, name: &str) -> bool {
        self.as_name().is_some_and(|value| *value == *name)
    }

    /// The array, if it is one.
    pub fn as_array(&self) -> Option<&[Object]> {
        if let Self::Array(value) = self { Some(value) } else { None }
    }

    /// The dictionary, of a dictionary or of a stream.
    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dictionary(dict) => Some(dict),
            Self::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }

    /// The dictionary to change, of a dictionary or of a stream.
    pub fn as_dict_mut(&mut self) -> Option<&mut Dict> {
        match self {
            Self::Dictionary(dict) => Some(dict),
            Self::Stream(stream) => Some(&mut stream.dict),
            _ => None,
        }
    }

    /// The stream, if it is one.
    pub fn as_stream(&self) -> Option<&Stream> {
        if let Self::Stream(value) = self { Some(value) } else { None }
    }

    /// The reference, if it is one.
    pub fn as_reference(&self) -> Option<Ref> {
        if let Self::Reference(value) = self { Some(*value) } else { None }
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Real(value) => write!(f, "{value:?}"),
            Self::String(value) => value.fmt(f),
            Self::Name(value) => value.fmt(f),
            Self::Array(value) => f.debug_list().entries(value).finish(),
            Self::Dictionary(value) => value.fmt(f),
            Self::Stream(value) => write!(f, "{:?} stream {:?}", value.dict, value.body),
            Self::Reference(value) => write!(f, "{value} R"),
        }
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident),* $(,)?) => { $(
        impl From<$type> for Object {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        }
    )* };
}
from! {
    bool => Bool, i64 => Integer, i32 => Integer, u32 => Integer, u16 => Integer, u8 => Integer, f64 => Real,
    Name => Name, Vec<Object> => Array, Dict => Dictionary, Stream => Stream, Ref => Reference, PdfString => String,
}

/// A dictionary (7.3.7): entries in the order of the file. Where a key stands twice, the last one counts.
#[derive(Clone, Default, PartialEq)]
pub struct Dict {
    entries: Vec<(Name, Object)>,
    /// Keys that stood more than once when it was parsed; nearly always empty.
    repeated: Vec<Name>,
}

impl Dict {
    /// An empty dictionary.
    pub const fn new() -> Self {
        Self { entries: Vec::new(), repeated: Vec::new() }
    }

    /// Entries as parsed: a repeated key keeps its first place and its last value.
    pub(crate) fn from_entries(entries: Vec<(Name, Object)>) -> Self {
        if entries.len() > 24 {
            return Self::from_many(entries);
        }
        let mut dict = Self { entries: Vec::with_capacity(entries.len()), repeated: Vec::new() };
        for (key, value) in entries {
            match dict.entries.iter_mut().find(|(name, _)| *name == key) {
                Some((_, slot)) => {
                    if *slot != value {
                        dict.repeated.push(key);
                    }
                    *slot = value;
                }
                None => dict.entries.push((key, value)),
            }
        }
        dict
    }

    /// The same in n log n steps, for dictionaries of hostile size.
    fn from_many(mut entries: Vec<(Name, Object)>) -> Self {
        let mut seen = std::collections::HashSet::with_capacity(entries.len());
        entries.reverse();
        let mut repeated = Vec::new();
        entries.retain(|(key, _)| {
            let is_first = seen.insert(key.clone());
            if !is_first {
                repeated.push(key.clone());
            }
            is_first
        });
        entries.reverse();
        Self { entries, repeated }
    }

    /// The value of `key`; `None` where it is missing.
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.entries.iter().find(|(name, _)| *name == *key).map(|(_, value)| value)
    }

    /// The value of `key`, or `null`.
    pub fn value(&self, key: &str) -> &Object {
        self.get(key).unwrap_or(&Object::Null)
    }

    /// The value to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Object> {
        self.entries.iter_mut().find(|(name, _)| *name == *key).map(|(_, value)| value)
    }

    /// Sets a value, in place where the key exists.
    pub fn set(&mut self, key: impl Into<Name>, value: impl Into<Object>) -> &mut Self {
        let (key, value) = (key.into(), value.into());
        match self.entries.iter_mut().find(|(name, _)| *name == key) {
            Some((_, slot)) => *slot = value,
            None => self.entries.push((key, value)),
        }
        self
    }

    /// The same dictionary with a value set.
    #[must_use]
    pub fn with(mut self, key: impl Into<Name>, value: impl Into<Object>) -> Self {
        self.set(key, value);
        self
    }

    /// Removes a key and gives its value.
    pub fn remove(&mut self, key: &str) -> Option<Object> {
        let at = self.entries.iter().position(|(name, _)| *name == *key)?;
        Some(self.entries.remove(at).1)
    }

    /// Whether the key exists.
    pub fn contains(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether /Type is `name`.
    pub fn is_type(&self, name: &str) -> bool {
        self.value("Type").is_name(name)
    }

    /// Keys that stood more than once with different values when the dictionary was read. Programs differ about which
    /// one counts, as the standard leaves it open (7.3.7).
    pub fn repeated_keys(&self) -> &[Name] {
        &self.repeated
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &Object)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&Name, &mut Object)> {
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }
}

impl fmt::Debug for Dict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Into<Name>> FromIterator<(K, Object)> for Dict {
    fn from_iter<T: IntoIterator<Item = (K, Object)>>(iter: T) -> Self {
        Self::from_entries(iter.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}
