//! What a level asks of others: time-stamps, revocation data, issuers.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use online::{Client, Session};
use pades::{RevocationData, SourceError, Sources, TimeStampSource, ValidationSource};
use pki::Certificate;
use pki::crl::Crl;
use pki::ocsp::Response;
use pki::tsa::Imprint;

use crate::args::sign::{OutsideOptions, WantedLevel};
use crate::failure::Failure;
use crate::network;
use crate::trust::Trust;

/// Whom to ask, and where chains end.
pub(super) struct Outside {
    client: Client,
    trust: Trust,
    has_time_stamps: bool,
}

impl Outside {
    pub(super) fn new(level: WantedLevel, options: &OutsideOptions) -> Result<Self, Failure> {
        if level != WantedLevel::B && options.tsa.is_empty() {
            return Err(Failure::Usage(
                "this level needs a time-stamp: name an authority with --tsa URL".to_owned(),
            ));
        }
        if level == WantedLevel::B && !options.tsa.is_empty() {
            return Err(Failure::Usage(
                "level b has no time-stamp: with --tsa, say --level t, lt or lta".to_owned(),
            ));
        }
        let trust = Trust::load(&options.trust)?;
        if !trust.lists.is_empty() {
            return Err(Failure::Usage(
                "a trusted list is for `vermilion verify`: name root certificates here".to_owned(),
            ));
        }
        let client = network::stamping(options, &trust.anchors)?;
        Ok(Self { client, trust, has_time_stamps: !options.tsa.is_empty() })
    }

    /// One budget of time and data for one document, for a signature made at `since`.
    pub(super) fn ask(&self, since: Timestamp) -> Asked<'_> {
        Asked { session: self.client.session().fresh_since(since), since, older: Mutex::default() }
    }

    pub(super) fn sources<'a>(&'a self, asked: &'a Asked<'a>, at: Timestamp) -> Sources<'a> {
        Sources {
            time_stamps: self.has_time_stamps.then_some(asked),
            validation: Some(asked),
            anchors: &self.trust.anchors,
            ..Sources::none(at)
        }
    }
}

/// Asks for a signature, and notes what was answered with data from before it.
pub(super) struct Asked<'a> {
    session: Session<'a>,
    since: Timestamp,
    older: Mutex<Vec<Older>>,
}

/// Revocation data from before a signature: they do not show that the certificate was not revoked just then.
struct Older {
    subject: String,
    issued: Timestamp,
    next: Option<Timestamp>,
}

impl Asked<'_> {
    /// Says which data are from before the signature, and how to come to newer ones.
    pub(super) fn note(&self) {
        for Older { subject, issued, next } in self.older().iter() {
            let when = next.map(|next| format!(" after {next}")).unwrap_or_default();
            eprintln!(
                "vermilion: note: the newest revocation data on {subject:?} are of {issued}, from before the signature. \
                 Verifiers that ask for newer ones are served by --level t now and `vermilion extend`{when}."
            );
        }
    }

    fn older(&self) -> MutexGuard<'_, Vec<Older>> {
        self.older.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self, data: &RevocationData, certificate: &Certificate, issuer: &Certificate) {
        let crls = data.crls.iter().filter_map(|der| Crl::from_der(der).ok());
        let crls = crls.map(|crl| (crl.this_update(), crl.next_update()));
        let answers = data.ocsps.iter().filter_map(|der| Response::from_der(der).ok());
        let answers = answers.flat_map(|one| one.responses().to_vec());
        let answers = answers.filter(|one| one.certificate.names(certificate, issuer));
        let newest = crls.chain(answers.map(|one| (one.this_update, one.next_update))).max_by_key(|it| it.0);
        if let Some((issued, next)) = newest.filter(|(issued, _)| *issued < self.since) {
            self.older().push(Older { subject: certificate.common_name(), issued, next });
        }
    }
}

impl TimeStampSource for Asked<'_> {
    fn time_stamp(&self, imprint: &Imprint) -> Result<Vec<u8>, SourceError> {
        TimeStampSource::time_stamp(&self.session, imprint)
    }
}

impl ValidationSource for Asked<'_> {
    fn issuers(&self, certificate: &Certificate) -> Result<Vec<Certificate>, SourceError> {
        ValidationSource::issuers(&self.session, certificate)
    }

    fn revocation(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<RevocationData, SourceError> {
        let data = ValidationSource::revocation(&self.session, certificate, issuer)?;
        self.look(&data, certificate, issuer);
        Ok(data)
    }
}
