//! Interactive forms (ISO 32000-2, 12.7).

mod annotations;
mod walk;
mod xfa;

pub(crate) use walk::{form, lock};
pub use xfa::Xfa;
pub(crate) use xfa::xfa;

use crate::{Dict, Object, Rect, Ref};

/// The interactive form of a document; empty where it has none.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// The AcroForm object; `None` where there is none or where it is direct in the catalog.
    pub reference: Option<Ref>,
    /// Whether the catalog has an /AcroForm.
    pub exists: bool,
    /// The AcroForm dictionary.
    pub dict: Dict,
    /// Terminal fields in the order of the tree.
    pub fields: Vec<Field>,
    /// /SigFlags (Table 225).
    pub sig_flags: i64,
    /// /NeedAppearances.
    pub need_appearances: bool,
    /// Whether there is an /XFA entry, whose view of the form may differ.
    pub has_xfa: bool,
    /// Whether something in the field tree was left out because it is broken (a circle, a wrong type).
    pub is_damaged: bool,
}

impl Form {
    /// The field with this full name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// The type of a field (/FT).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// `Btn`.
    Button,
    /// `Tx`.
    Text,
    /// `Ch`.
    Choice,
    /// `Sig`.
    Signature,
    /// None given, or an unknown one.
    Unknown,
}

/// A terminal field (12.7.4): one with a value, and with widgets for kids if any.
#[derive(Debug, Clone)]
pub struct Field {
    /// The field object.
    pub reference: Ref,
    /// Fully qualified name (12.7.4.2).
    pub name: String,
    /// /TU, the name for people.
    pub label: Option<String>,
    /// /FT, inherited.
    pub kind: FieldKind,
    /// /Ff, inherited.
    pub flags: i64,
    /// /V, inherited, references resolved one step.
    pub value: FieldValue,
    /// /V as it stands (maybe a reference).
    pub raw_value: Object,
    /// /DA, inherited from the field tree or the form.
    pub default_appearance: Option<Vec<u8>>,
    /// /MaxLen.
    pub max_len: Option<i64>,
    /// Its widgets.
    pub widgets: Vec<Widget>,
    /// The field dictionary.
    pub dict: Dict,
    /// Ancestors, nearest first.
    pub parents: Vec<Ref>,
}

impl Field {
    /// Bit 1 of /Ff: not to be changed by a person.
    pub fn is_read_only(&self) -> bool {
        self.flags & 1 != 0
    }

    /// Bit 2 of /Ff.
    pub fn is_required(&self) -> bool {
        self.flags & 2 != 0
    }
}

/// A field's value.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldValue {
    /// No value.
    None,
    /// A text.
    Text(String),
    /// A name: the state of a button.
    Name(String),
    /// The choices of a list.
    List(Vec<String>),
    /// A signature dictionary or anything else.
    Other,
}

/// A widget annotation (12.5.6.19).
#[derive(Debug, Clone)]
pub struct Widget {
    /// The annotation object, the field itself where the two are merged.
    pub reference: Ref,
    /// Index of the page whose /Annots lists it.
    pub page: Option<usize>,
    /// /Rect in user space.
    pub rect: Option<Rect>,
    /// /F.
    pub flags: i64,
    /// /AS.
    pub state: Option<String>,
    /// The annotation dictionary.
    pub dict: Dict,
}

/// Which fields a lock or FieldMDP names (Table 236, Table 258).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldLock {
    /// /Action.
    pub action: LockAction,
    /// /Fields.
    pub fields: Vec<String>,
    /// /P, in ISO 32000-2 and Adobe's extension: restricts the whole document.
    pub permission: Option<crate::DocMdp>,
}

/// /Action of a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockAction {
    /// Every field.
    All,
    /// The named fields.
    Include,
    /// Every field but the named.
    Exclude,
    /// A lock is stated, but not in a way that can be read: every field.
    Unreadable,
}

impl FieldLock {
    /// A lock of which nobody can tell what it locks: everything, so that it never permits more than was meant.
    pub fn unreadable() -> Self {
        Self {
            action: LockAction::Unreadable,
            fields: Vec::new(),
            permission: Some(crate::DocMdp::NoChanges),
        }
    }

    /// Whether it locks the field of this full name (a name locks what is below it too).
    pub fn locks(&self, name: &str) -> bool {
        let named = self.fields.iter().any(|field| {
            name.strip_prefix(field.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        match self.action {
            LockAction::All | LockAction::Unreadable => true,
            LockAction::Include => named,
            LockAction::Exclude => !named,
        }
    }
}
