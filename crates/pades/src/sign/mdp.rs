//! What a signature says about later changes: DocMDP and FieldMDP (ISO 32000-2 §12.8.2).

use pdf::{Dict, DocMdp, FieldLock, LockAction, Object, Ref};

/// `/Reference` of a signature dictionary; `None` where the signature restricts nothing of its own.
pub(super) fn references(
    certify: Option<DocMdp>,
    lock: Option<&FieldLock>,
    catalog: Ref,
) -> Option<Vec<Object>> {
    let mut references = Vec::new();
    if let Some(permission) = certify {
        let parameters = parameters().with("P", permission.p());
        references.push(reference("DocMDP", parameters).into());
    }
    if let Some(lock) = lock {
        // Table 256: /Data is required for FieldMDP: what the analysis looks at.
        references.push(reference("FieldMDP", entries(parameters(), lock)).with("Data", catalog).into());
    }
    (!references.is_empty()).then_some(references)
}

/// A lock dictionary for a new field (Table 236).
pub(super) fn lock_dictionary(lock: &FieldLock) -> Dict {
    entries(Dict::new().with("Type", Object::name("SigFieldLock")), lock)
}

fn reference(method: &'static str, parameters: Dict) -> Dict {
    Dict::new()
        .with("Type", Object::name("SigRef"))
        .with("TransformMethod", Object::name(method))
        .with("TransformParams", parameters)
}

fn parameters() -> Dict {
    Dict::new().with("Type", Object::name("TransformParams")).with("V", Object::name("1.2"))
}

/// The entries that a lock and the parameters of FieldMDP share. `/P` is Table 236's; in the parameters viewers write and
/// read it too, so that it is signed.
fn entries(dict: Dict, lock: &FieldLock) -> Dict {
    let action = match lock.action {
        LockAction::All | LockAction::Unreadable => "All",
        LockAction::Include => "Include",
        LockAction::Exclude => "Exclude",
    };
    let mut dict = dict.with("Action", Object::name(action));
    if matches!(lock.action, LockAction::Include | LockAction::Exclude) {
        dict.set("Fields", lock.fields.iter().map(|name| Object::text(name)).collect::<Vec<_>>());
    }
    if let Some(permission) = lock.permission {
        dict.set("P", permission.p());
    }
    dict
}
