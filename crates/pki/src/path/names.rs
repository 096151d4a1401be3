//! Name constraints, RFC 5280 §4.2.1.10.
use super::PathError;
use crate::Certificate;
use crate::x509::extensions::GeneralName;

/// The constraints met so far on the way down.
#[derive(Default)]
pub(super) struct NameState {
    /// One list a CA: a name must be in each list that has its type.
    permitted: Vec<Vec<GeneralName>>,
    excluded: Vec<GeneralName>,
}

impl NameState {
    /// Adds the constraints of a CA to those that hold for what is under it.
    pub(super) fn constrain(&mut self, ca: &Certificate) {
        if let Some(constraints) = &ca.extensions().name_constraints {
            if !constraints.permitted.is_empty() {
                self.permitted.push(constraints.permitted.clone());
            }
            self.excluded.extend(constraints.excluded.iter().cloned());
        }
    }

    /// Checks the subject and every alternative name of `certificate`.
    pub(super) fn check(&self, certificate: &Certificate) -> Result<(), PathError> {
        if self.permitted.is_empty() && self.excluded.is_empty() {
            return Ok(());
        }
        let subject = certificate.subject();
        let alternatives = &certificate.extensions().subject_alt_names;
        let mut names = alternatives.clone();
        if !subject.is_empty() {
            names.push(GeneralName::Directory(subject.clone()));
        }
        // An address in the subject counts only where no alternative name has one.
        if !alternatives.iter().any(|n| matches!(n, GeneralName::Email(_))) {
            names.extend(subject.emails().map(|e| GeneralName::Email(e.to_owned())));
        }
        if names.iter().all(|name| self.allows(name)) {
            Ok(())
        } else {
            Err(PathError::NameConstraint { subject: subject.to_string() })
        }
    }

    fn allows(&self, name: &GeneralName) -> bool {
        let excluded =
            self.excluded.iter().any(|base| same_type(base, name) && within(name, base) != Some(false));
        let permitted = self.permitted.iter().all(|list| {
            let mut of_type = list.iter().filter(|base| same_type(base, name)).peekable();
            of_type.peek().is_none() || of_type.any(|base| within(name, base) == Some(true))
        });
        permitted && !excluded
    }
}

fn same_type(a: &GeneralName, b: &GeneralName) -> bool {
    match (a, b) {
        (GeneralName::Other(a), GeneralName::Other(b)) => a == b,
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// Whether `name` lies in the subtree of `base`; `None` where that cannot be said.
fn within(name: &GeneralName, base: &GeneralName) -> Option<bool> {
    match (name, base) {
        (GeneralName::Directory(name), GeneralName::Directory(base)) => Some(name.starts_with(base)),
        (GeneralName::Dns(name), GeneralName::Dns(base)) => dns_within(name, base),
        (GeneralName::Email(name), GeneralName::Email(base)) => Some(email_within(name, base)),
        (GeneralName::Uri(name), GeneralName::Uri(base)) => {
            let host = host(name)?;
            Some(in_domain(host, base, base.starts_with('.')))
        }
        (GeneralName::Ip(name), GeneralName::Ip(base)) => ip_within(name, base),
        _ => None,
    }
}

/// A wildcard is within where all it stands for is; where only some of it is, that cannot be said.
fn dns_within(name: &str, base: &str) -> Option<bool> {
    match name.strip_prefix("*.") {
        Some(parent) if in_domain(parent, base, true) => Some(true),
        Some(parent) if in_domain(base.trim_start_matches('.'), parent, true) => None,
        _ => Some(in_domain(name, base, true)),
    }
}

/// `host` is `domain`, or under it where `below`. A leading dot asks for at least one more label.
fn in_domain(host: &str, domain: &str, below: bool) -> bool {
    let (host, domain) = (host.to_ascii_lowercase(), domain.to_ascii_lowercase());
    if domain.is_empty() {
        return true;
    }
    if domain.starts_with('.') {
        return host.len() > domain.len() && host.ends_with(&domain);
    }
    host == domain || below && host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'))
}

fn email_within(address: &str, base: &str) -> bool {
    let Some((local, host)) = address.rsplit_once('@') else { return false };
    match base.rsplit_once('@') {
        Some((base_local, base_host)) => local == base_local && host.eq_ignore_ascii_case(base_host),
        None => in_domain(host, base, false),
    }
}

/// The host of a URI with an authority; none where it is an address or missing.
fn host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.starts_with('[') {
        return None;
    }
    let host = host.split(':').next()?;
    let is_address = host.split('.').all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    (!host.is_empty() && !is_address).then_some(host)
}

/// `base` is address and mask, one behind the other.
fn ip_within(address: &[u8], base: &[u8]) -> Option<bool> {
    let (network, mask) = base.split_at_checked(base.len() / 2)?;
    if network.len() != mask.len() || !matches!(network.len(), 4 | 16) {
        return None;
    }
    if address.len() != network.len() {
        return Some(false);
    }
    Some(address.iter().zip(network).zip(mask).all(|((a, n), m)| a & m == n & m))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_uris_addresses_and_mailboxes() {
        let dns = |s: &str| GeneralName::Dns(s.to_owned());
        let uri = |s: &str| GeneralName::Uri(s.to_owned());
        let email = |s: &str| GeneralName::Email(s.to_owned());
        for (name, base, expected) in [
            (dns("a.example.com"), dns("example.com"), Some(true)),
            (dns("EXAMPLE.com"), dns("example.com"), Some(true)),
            (dns("badexample.com"), dns("example.com"), Some(false)),
            (dns("example.com"), dns(".example.com"), Some(false)),
            (dns("*.example.com"), dns("example.com"), Some(true)),
            (dns("*.example.com"), dns("a.example.com"), None),
            (uri("http://u@a.example.com:80/x"), uri(".example.com"), Some(true)),
            (uri("http://a.example.com/"), uri("example.com"), Some(false)),
            (uri("http://10.0.0.1/"), uri("example.com"), None),
            (email("me@example.com"), email("example.com"), Some(true)),
            (email("me@a.example.com"), email("example.com"), Some(false)),
            (email("me@a.example.com"), email(".example.com"), Some(true)),
            (email("me@example.com"), email("you@example.com"), Some(false)),
        ] {
            assert_eq!(within(&name, &base), expected, "{name:?} {base:?}");
        }
        assert_eq!(ip_within(&[10, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 0, 0]), Some(true));
        assert_eq!(ip_within(&[11, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 0, 0]), Some(false));
    }
}
