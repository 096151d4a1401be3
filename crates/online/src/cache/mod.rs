//! Answers that are kept: in memory, and in a folder where one is configured.
//!
//! Nothing that comes out of here is believed for having been in here: who asks judges it as if it had just arrived.

mod folder;
mod memory;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use pki::crl::Crl;
use pki::{Certificate, ParseError, cms, ocsp};

use self::folder::Folder;
use self::memory::Memory;
use crate::config::{Config, ConfigError};

/// An answer, read.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Crl(Crl),
    Ocsp(ocsp::Response),
    Certificates(Vec<Certificate>),
}

/// Under what an answer is kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// By address.
    Crl(String),
    /// By certificate: issuer's key and serial number.
    Ocsp(String),
    /// By address.
    Certificates(String),
}

/// What is kept with it.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) item: Item,
    /// Not used from then on.
    pub(crate) until: Timestamp,
}

#[derive(Debug)]
pub(crate) struct Cache {
    memory: Memory,
    folder: Option<Folder>,
    gates: Mutex<HashMap<Key, Arc<Mutex<()>>>>,
}

impl Cache {
    pub(crate) fn open(config: &Config) -> Result<Self, ConfigError> {
        let rules = &config.cache;
        let largest =
            config.limits.crl_bytes.max(config.limits.ocsp_bytes).max(config.limits.certificate_bytes);
        let folder = match &rules.folder {
            Some(path) => Some(Folder::open(path, rules.folder_bytes, largest).map_err(|error| {
                ConfigError::CacheFolder { folder: path.display().to_string(), reason: error.to_string() }
            })?),
            None => None,
        };
        Ok(Self { memory: Memory::new(rules.memory_bytes), folder, gates: Mutex::default() })
    }

    /// What is kept and may still be used at `now`.
    pub(crate) fn get(&self, key: &Key, now: Timestamp) -> Option<Kept> {
        if let Some(kept) = self.memory.get(key).filter(|kept| now < kept.until) {
            return Some(kept);
        }
        let kept = self.folder.as_ref()?.get(key).filter(|kept| now < kept.until)?;
        self.memory.put(key.clone(), kept.clone());
        Some(kept)
    }

    pub(crate) fn put(&self, key: &Key, kept: Kept) {
        if let Some(folder) = &self.folder {
            folder.put(key, &kept);
        }
        self.memory.put(key.clone(), kept);
    }

    /// Does `work` while nobody else works under `key`: several that ask for the same fetch it once.
    pub(crate) fn one_at_a_time<T>(&self, key: &Key, work: impl FnOnce() -> T) -> T {
        let gate = Arc::clone(self.gates().entry(key.clone()).or_default());
        let done = {
            let _guard = gate.lock().unwrap_or_else(PoisonError::into_inner);
            work()
        };
        drop(gate);
        // Nobody else waits where the table holds the only reference.
        self.gates().retain(|other, gate| other != key || Arc::strong_count(gate) > 1);
        done
    }

    fn gates(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Arc<Mutex<()>>>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Item {
    /// Its bytes, as they are stored and handed on.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Crl(crl) => crl.der().to_vec(),
            Self::Ocsp(response) => response.der().to_vec(),
            Self::Certificates(all) => all.iter().map(Certificate::to_pem).collect::<String>().into_bytes(),
        }
    }

    fn read(key: &Key, bytes: &[u8]) -> Result<Self, ParseError> {
        Ok(match key {
            Key::Crl(_) => Self::Crl(Crl::from_der(bytes)?),
            Key::Ocsp(_) => Self::Ocsp(ocsp::Response::from_der(bytes)?),
            Key::Certificates(_) => Self::Certificates(cms::certificates(bytes)?),
        })
    }

    /// What it takes in memory, roughly.
    fn size(&self) -> usize {
        const OVERHEAD: usize = 1024;
        OVERHEAD
            + match self {
                Self::Crl(crl) => crl.der().len(),
                Self::Ocsp(response) => response.der().len().saturating_mul(2),
                Self::Certificates(all) => all.iter().map(|c| c.der().len() + OVERHEAD).sum(),
            }
    }
}

impl Key {
    /// As text, on one line.
    fn text(&self) -> String {
        match self {
            Self::Crl(address) => format!("crl {address}"),
            Self::Ocsp(certificate) => format!("ocsp {certificate}"),
            Self::Certificates(address) => format!("certificates {address}"),
        }
    }
}
