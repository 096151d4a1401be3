//! ETSI trusted lists (TS 119 612) given as files.
//!
//! A list is read for what it grants: certification authorities and time-stamping authorities, each with the history
//! of its status. The signature of the list itself is **not** checked: whoever gives the file vouches for it. A report
//! that relied on a list says so.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use pki::Certificate;
use roxmltree::{Document, Node, ParsingOptions};
use thiserror::Error;

const NAMESPACE: &str = "http://uri.etsi.org/02231/v2#";
const SERVICE_TYPE: &str = "http://uri.etsi.org/TrstSvc/Svctype/";
const STATUS: &str = "http://uri.etsi.org/TrstSvc/";

/// A trusted list: the services that it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedList {
    /// The scheme operator's name, in the first language given.
    pub operator: String,
    /// The country or region (`SchemeTerritory`).
    pub territory: String,
    /// When the list was issued.
    pub issued: Option<Timestamp>,
    /// When the next one is due; after that the list is stale, and a report says so.
    pub next_update: Option<Timestamp>,
    /// The services that can vouch for certificates or time-stamps; others are left out.
    pub services: Vec<TrustService>,
}

/// A service of a trusted list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustService {
    /// The provider's name.
    pub provider: String,
    /// The service's name.
    pub name: String,
    /// What it is trusted for.
    pub kind: ServiceKind,
    /// Its certificates.
    pub certificates: Vec<Certificate>,
    /// Its status from the oldest to the current one; of several of one date the last one counts.
    pub history: Vec<StatusPeriod>,
}

/// What a service is trusted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServiceKind {
    /// Issuing certificates (`CA/QC`, `CA/PKC`).
    CertificateAuthority,
    /// Time-stamping (`TSA/QTST`, `TSA`, `TSA/TSS-QC` …).
    TimeStampAuthority,
}

/// A status and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusPeriod {
    /// The last part of the status' URI, as `granted`; [`StatusPeriod::UNREADABLE`] where there is none.
    pub status: String,
    /// Since when.
    pub since: Timestamp,
}

impl StatusPeriod {
    /// The word for a status that is missing, or none of TS 119 612: it grants nothing.
    pub const UNREADABLE: &str = "unreadable";

    /// Whether a service of this status is trusted (TS 119 612 §5.5.4, with the words from before the eIDAS Regulation).
    #[must_use]
    pub fn is_granted(&self) -> bool {
        matches!(
            self.status.as_str(),
            "granted"
                | "recognisedatnationallevel"
                | "undersupervision"
                | "supervisionincessation"
                | "accredited"
                | "setbynationallaw"
        )
    }
}

impl TrustService {
    /// Whether the service is trusted at that time.
    #[must_use]
    pub fn is_granted_at(&self, time: Timestamp) -> bool {
        self.history.iter().rfind(|period| period.since <= time).is_some_and(StatusPeriod::is_granted)
    }

    /// When trust ended, where it has ended by `now`: the sunset date of its certificates as trust anchors.
    #[must_use]
    pub fn sunset(&self, now: Timestamp) -> Option<Timestamp> {
        let mut end = None;
        for period in self.history.iter().take_while(|period| period.since <= now) {
            end = match (period.is_granted(), end) {
                (true, _) => None,
                (false, None) => Some(period.since),
                (false, end) => end,
            };
        }
        end
    }
}

/// Why a file is no trusted list.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TrustedListError {
    /// It is larger than a list may be.
    #[error("the list is larger than {limit} bytes")]
    TooLarge {
        /// The bound.
        limit: usize,
    },
    /// It is not XML, or XML with a document type.
    #[error("the list is not well-formed XML: {0}")]
    Xml(String),
    /// Its root is another element.
    #[error("the file is no trusted list of ETSI TS 119 612")]
    OtherRoot,
}

impl TrustedList {
    /// Bytes that one list may have: the largest of the European Union have a tenth of it.
    const MAX_LEN: usize = 128 * 1024 * 1024;

    /// Reads a list. Certificates that cannot be read are left out, and so are services without a current status since
    /// some date: what cannot be read grants nothing, and does not prolong what was granted before.
    ///
    /// # Errors
    /// Where the file is no trusted list at all.
    pub fn from_xml(xml: &str) -> Result<Self, TrustedListError> {
        if xml.len() > Self::MAX_LEN {
            return Err(TrustedListError::TooLarge { limit: Self::MAX_LEN });
        }
        let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
        let document = Document::parse_with_options(xml, options)
            .map_err(|error| TrustedListError::Xml(error.to_string()))?;
        let root = document.root_element();
        if !root.has_tag_name((NAMESPACE, "TrustServiceStatusList")) {
            return Err(TrustedListError::OtherRoot);
        }
        let scheme = child(root, "SchemeInformation");
        let in_scheme =
            |path: &[&'static str]| scheme.and_then(|scheme| text(scheme, path)).unwrap_or_default();
        let providers = child(root, "TrustServiceProviderList");
        let services = providers
            .into_iter()
            .flat_map(|list| children(list, "TrustServiceProvider"))
            .flat_map(|provider| {
                let name = text(provider, &["TSPInformation", "TSPName", "Name"]).unwrap_or_default();
                let services = child(provider, "TSPServices").into_iter();
                services
                    .flat_map(|list| children(list, "TSPService"))
                    .filter_map(move |one| service(&name, one))
            })
            .collect();
        Ok(Self {
            operator: in_scheme(&["SchemeOperatorName", "Name"]),
            territory: in_scheme(&["SchemeTerritory"]),
            issued: in_scheme(&["ListIssueDateTime"]).parse().ok(),
            next_update: in_scheme(&["NextUpdate", "dateTime"]).parse().ok(),
            services,
        })
    }
}

fn service(provider: &str, node: Node<'_, '_>) -> Option<TrustService> {
    let current = child(node, "ServiceInformation")?;
    let kind = kind(&text(current, &["ServiceTypeIdentifier"])?)?;
    let history = history(current, child(node, "ServiceHistory"))?;
    let identity = child(current, "ServiceDigitalIdentity");
    let certificates: Vec<Certificate> = identity
        .into_iter()
        .flat_map(|identity| children(identity, "DigitalId"))
        .filter_map(|id| text(id, &["X509Certificate"]))
        .filter_map(|encoded| {
            let compact: String = encoded.split_whitespace().collect();
            Certificate::from_der(&STANDARD.decode(compact).ok()?).ok()
        })
        .collect();
    let name = text(current, &["ServiceName", "Name"]).unwrap_or_default();
    (!certificates.is_empty()).then_some(TrustService {
        provider: provider.to_owned(),
        name,
        kind,
        certificates,
        history,
    })
}

fn kind(uri: &str) -> Option<ServiceKind> {
    match uri.strip_prefix(SERVICE_TYPE)? {
        "CA/QC" | "CA/PKC" => Some(ServiceKind::CertificateAuthority),
        "TSA" | "TSA/QTST" | "TSA/TSS-QC" | "TSA/TSS-AdESQCandQES" => Some(ServiceKind::TimeStampAuthority),
        _ => None,
    }
}

/// The statuses from the oldest to the current one; `None` where it is not known since when the current one is.
///
/// A list has them the other way round, the newest first (TS 119 612 §5.6): of two of one date, the one that stands
/// first is in force. Nobody knows how long what is older than an entry without a date was in force: it is left out.
fn history(current: Node<'_, '_>, past: Option<Node<'_, '_>>) -> Option<Vec<StatusPeriod>> {
    let current = period(current)?;
    let past = past.into_iter().flat_map(|history| children(history, "ServiceHistoryInstance"));
    let mut history = vec![current.clone()];
    history.extend(past.map_while(period));
    history.reverse();
    history.sort_by_key(|period| period.since);
    // A past status is over when the current one begins, whatever date it has.
    history.retain(|period| period.since <= current.since);
    Some(history)
}

/// A status with its date; `None` without a date.
fn period(node: Node<'_, '_>) -> Option<StatusPeriod> {
    let since = text(node, &["StatusStartingTime"])?.parse().ok()?;
    let status = text(node, &["ServiceStatus"]).as_deref().and_then(status);
    Some(StatusPeriod { status: status.unwrap_or_else(|| StatusPeriod::UNREADABLE.to_owned()), since })
}

/// The last part of the URI of a status (TS 119 612 §5.5.4, annex D.5.6).
fn status(uri: &str) -> Option<String> {
    let (_, status) = uri.strip_prefix(STATUS)?.rsplit_once("Svcstatus/")?;
    let status = status.trim_end_matches('/').to_lowercase();
    (!status.is_empty() && !status.contains('/')).then_some(status)
}

fn children<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name((NAMESPACE, name)))
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

/// The text of the element at the end of a path of first children.
fn text(node: Node<'_, '_>, path: &[&'static str]) -> Option<String> {
    let found = path.iter().try_fold(node, |node, name| child(node, name))?;
    Some(found.text()?.trim().to_owned())
}
