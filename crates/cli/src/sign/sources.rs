//! What a level asks of others: time-stamps, revocation data, issuers.

use jiff::Timestamp;
use online::{Client, Session};
use pades::Sources;

use crate::args::sign::{LevelOptions, WantedLevel};
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
    pub(super) fn new(options: &LevelOptions) -> Result<Self, Failure> {
        if options.level != WantedLevel::B && options.tsa.is_empty() {
            return Err(Failure::Usage(
                "this level needs a time-stamp: name an authority with --tsa URL".to_owned(),
            ));
        }
        if options.level == WantedLevel::B && !options.tsa.is_empty() {
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
        let client = network::client(&options.tsa, &options.reach)?;
        Ok(Self { client, trust, has_time_stamps: !options.tsa.is_empty() })
    }

    /// One budget of time and data for one document.
    pub(super) fn session(&self) -> Session<'_> {
        self.client.session()
    }

    pub(super) fn sources<'a>(&'a self, session: &'a Session<'a>, at: Timestamp) -> Sources<'a> {
        Sources {
            time_stamps: self.has_time_stamps.then_some(session),
            validation: Some(session),
            anchors: &self.trust.anchors,
            ..Sources::none(at)
        }
    }
}
