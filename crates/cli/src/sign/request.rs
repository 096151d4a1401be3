//! From the options to what `pades` is asked for.

use jiff::Timestamp;
use pades::{Place, SeedValue, SigningRequest, Wish};
use pdf::{DocMdp, Document, FieldKind, FieldLock, Form, LockAction, Page, Rect};
use pki::cms::SignaturePolicy;
use pki::{Certificate, DigestAlgorithm};

use super::{free_name, look};
use crate::args::sign::{Digest, SignatureOptions};
use crate::failure::Failure;

/// A millimetre in points.
pub(super) const MM: f64 = 72.0 / 25.4;

pub(super) fn of(
    document: &Document,
    options: &SignatureOptions,
    certificate: &Certificate,
    now: Timestamp,
) -> Result<SigningRequest, Failure> {
    let field = field(document, options)?;
    let form = document.form().map_err(|error| Failure::because(&error))?;
    let mut request = SigningRequest::new(field, now);
    let existing = form.field(&request.field);
    let seen = options.rect.as_deref().map(rect).transpose()?;
    request.place = match (existing, seen) {
        (Some(_), None) => None,
        (Some(_), Some(_)) => {
            return Err(Failure::Usage(format!(
                "the field {:?} has its place already: leave --rect and --page out",
                request.field
            )));
        }
        (None, Some(seen)) => {
            let page = options.page.unwrap_or(1);
            let index = page.checked_sub(1).ok_or_else(|| Failure::Usage("pages count from 1".to_owned()))?;
            let wrong = |error: pdf::ReadError| Failure::Usage(format!("page {page}: {error}"));
            on_page(&document.page(index).map_err(wrong)?, page, seen)?;
            Some(Place::on_visible_page(document, index, seen).map_err(wrong)?)
        }
        (None, None) => Some(Place::invisible()),
    };
    let shown = seen.or_else(|| existing.and_then(|field| field.widgets.first()?.rect));
    let shown = shown.filter(|rect| rect.width() > 0.0 && rect.height() > 0.0);
    request.appearance = look::of(options, shown, certificate, now)?;
    request.signer_name = Some(certificate.common_name()).filter(|name| !name.is_empty());
    request.reason.clone_from(&options.reason);
    request.location.clone_from(&options.location);
    request.contact.clone_from(&options.contact);
    request.appearance_name.clone_from(&options.appearance_name);
    request.attestation.clone_from(&options.attestation);
    request.certify = options.certify.and_then(DocMdp::from_p);
    request.lock = options.lock.as_deref().map(lock).transpose()?;
    if let Some(lock) = &request.lock {
        are_there(lock, &form, &request.field)?;
    }
    request.policy = options.policy.as_deref().map(policy).transpose()?;
    Ok(request)
}

/// The hash function that the field demands by its seed value, where it is one that keys sign with here.
pub(super) fn demanded_digest(
    document: &Document,
    options: &SignatureOptions,
) -> Result<Option<Digest>, Failure> {
    let name = field(document, options)?;
    let form = document.form().map_err(|error| Failure::because(&error))?;
    let Some(field) = form.field(&name) else { return Ok(None) };
    let seed = SeedValue::of_field(document, &field.dict).map_err(|error| Failure::because(&error))?;
    let Wish { value: methods, required: true } = seed.digest_methods else { return Ok(None) };
    let known = |method: &String| match method.replace('-', "").to_ascii_uppercase().as_str() {
        "SHA256" => Some(Digest::Sha256),
        "SHA384" => Some(Digest::Sha384),
        "SHA512" => Some(Digest::Sha512),
        _ => None,
    };
    Ok(methods.iter().find_map(known))
}

/// The field that is named; else the only empty signature field, where none is asked to show anew; else a new name.
fn field(document: &Document, options: &SignatureOptions) -> Result<String, Failure> {
    if let Some(name) = &options.field {
        return Ok(name.clone());
    }
    let form = document.form().map_err(|error| Failure::because(&error))?;
    let mut empty =
        form.fields.iter().filter(|field| field.kind == FieldKind::Signature && field.raw_value.is_null());
    match (empty.next(), empty.next()) {
        (Some(only), None) if options.rect.is_none() => Ok(only.name.clone()),
        _ => free_name(document),
    }
}

/// `X,Y,W,H` in mm or points, from the top left.
fn rect(text: &str) -> Result<Rect, Failure> {
    let numbers: Option<Vec<f64>> = text.split(',').map(length).collect();
    match numbers.as_deref() {
        Some([x, y, width, height]) if *width > 0.0 && *height > 0.0 => {
            Ok(Rect::sized(*x, *y, *width, *height))
        }
        _ => Err(Failure::Usage(format!(
            "--rect {text}: left, top, width and height are expected, as 20mm,250mm,60mm,20mm"
        ))),
    }
}

/// Whether a place lies on the page, and can be seen.
fn on_page(page: &Page, number: usize, seen: Rect) -> Result<(), Failure> {
    /// What rounding to millimetres may add, in points.
    const SLACK: f64 = 1.5;
    const LEAST: f64 = 2.0 * MM;
    let (width, height) = page.size_in_points();
    let inside =
        seen.x0 >= -SLACK && seen.y0 >= -SLACK && seen.x1 <= width + SLACK && seen.y1 <= height + SLACK;
    if !inside {
        return Err(Failure::Usage(format!(
            "--rect: the place reaches beyond page {number}, which is {:.0} mm wide and {:.0} mm high ({width:.0}pt by \
             {height:.0}pt); left and top count from its upper left corner",
            width / MM,
            height / MM,
        )));
    }
    if seen.width() < LEAST || seen.height() < LEAST {
        return Err(Failure::Usage(
            "--rect: nobody would see so small a signature: make it 2 mm wide and high at least, or leave --rect out \
             for one that does not show"
                .to_owned(),
        ));
    }
    Ok(())
}

/// A length in points.
fn length(text: &str) -> Option<f64> {
    let text = text.trim();
    let (number, unit) = match text.strip_suffix("pt") {
        Some(number) => (number, 1.0),
        None => (text.strip_suffix("mm").unwrap_or(text), MM),
    };
    number.trim().parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number * unit)
}

fn lock(text: &str) -> Result<FieldLock, Failure> {
    let names = |names: &str| -> Vec<String> {
        names.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    };
    let (action, fields) = match text.split_once(':') {
        None if text == "all" => (LockAction::All, Vec::new()),
        Some(("include", fields)) => (LockAction::Include, names(fields)),
        Some(("exclude", fields)) => (LockAction::Exclude, names(fields)),
        _ => (LockAction::Include, Vec::new()),
    };
    if action != LockAction::All && fields.is_empty() {
        return Err(Failure::Usage(format!(
            "--lock {text}: `all`, `include:NAME,NAME` or `exclude:NAME,NAME` is expected"
        )));
    }
    Ok(FieldLock { action, fields, permission: None })
}

/// Fails where a lock names a field that the document has not.
fn are_there(lock: &FieldLock, form: &Form, own: &str) -> Result<(), Failure> {
    let below = |full: &str, name: &str| {
        full.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let names = || form.fields.iter().map(|field| field.name.as_str()).filter(|name| !name.is_empty());
    let missing = lock.fields.iter().find(|name| !below(own, name) && !names().any(|full| below(full, name)));
    let Some(missing) = missing else { return Ok(()) };
    let there: Vec<&str> = names().take(20).collect();
    let there = match there.as_slice() {
        [] => "it has none".to_owned(),
        some if names().nth(20).is_some() => format!("it has {} and more", some.join(", ")),
        some => format!("it has {}", some.join(", ")),
    };
    Err(Failure::Usage(format!("--lock: the document has no field {missing:?}: {there}")))
}

fn policy(text: &str) -> Result<SignaturePolicy, Failure> {
    let wrong = || {
        Failure::Usage(format!(
            "--policy {text}: OID:DIGEST:HEX is expected, as 1.2.3.4:sha256:9f86d081…, with @ADDRESS behind it if need be"
        ))
    };
    let (text, uri) = match text.split_once('@') {
        Some((text, uri)) => (text, Some(uri.to_owned())),
        None => (text, None),
    };
    let [oid, name, digest] = text.split(':').collect::<Vec<_>>()[..] else { return Err(wrong()) };
    let digest_algorithm = match name.to_ascii_lowercase().as_str() {
        "sha256" | "sha-256" => DigestAlgorithm::Sha256,
        "sha384" | "sha-384" => DigestAlgorithm::Sha384,
        "sha512" | "sha-512" => DigestAlgorithm::Sha512,
        _ => return Err(wrong()),
    };
    let digest = hex::decode(digest).map_err(|_| wrong())?;
    let policy = SignaturePolicy { oid: oid.to_owned(), digest_algorithm, digest, uri };
    let fits = policy.digest.len() == digest_algorithm.output_len() && policy.is_well_formed();
    if fits { Ok(policy) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_in_millimetres_and_points() {
        let place = rect("25.4, 50.8mm,72pt,36pt").expect("a place");
        assert!((place.x0 - 72.0).abs() < 1e-9 && (place.y0 - 144.0).abs() < 1e-9);
        assert!((place.width() - 72.0).abs() < 1e-9 && (place.height() - 36.0).abs() < 1e-9);
        for wrong in ["", "1,2,3", "1,2,0,4", "1,2,3,x", "1,2,3,inf", "1,2,-3,4"] {
            assert!(rect(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn locks_and_policies_are_read_or_refused() {
        assert_eq!(lock("all").expect("a lock").action, LockAction::All);
        assert_eq!(lock("exclude:a, b.c").expect("a lock").fields, ["a", "b.c"]);
        for wrong in ["", "include", "include:", "some:a"] {
            assert!(lock(wrong).is_err(), "{wrong}");
        }
        let digest = "ab".repeat(32);
        let read = policy(&format!("1.2.3:sha256:{digest}@http://example.com/p.pdf")).expect("a policy");
        assert_eq!((read.oid.as_str(), read.uri.as_deref()), ("1.2.3", Some("http://example.com/p.pdf")));
        for wrong in ["1.2.3", "1.2.3:sha256:abcd", "x:sha256:00", &format!("1.2.3:md5:{digest}")] {
            assert!(policy(wrong).is_err(), "{wrong}");
        }
    }
}
