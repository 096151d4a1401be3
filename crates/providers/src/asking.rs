//! Asking: again where the provider's rule allows it, not at all where it failed a moment ago; and what was seen before.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use online::{Call, Circuits, Reply, pause};

use crate::context::Context;
use crate::error::{Fault, ProviderError};

/// Whether a question is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It changes nothing, or carries an order number: asked again after time-outs and 5xx too.
    Freely,
    /// It is billed, counted or delivered: asked again only where the provider did not do it.
    WhenNotDone,
}

/// A request, ready to be sent; made anew for each try, since it carries its time and nonce.
pub(crate) struct Sending {
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// Asks one provider.
#[derive(Debug)]
pub(crate) struct Asking {
    pub(crate) provider: &'static str,
    pub(crate) context: Context,
    circuits: Circuits,
}

impl Asking {
    pub(crate) fn new(provider: &'static str, context: Context) -> Self {
        Self { provider, context, circuits: Circuits::default() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.context.clock.now()
    }

    pub(crate) fn error(&self, fault: Fault) -> ProviderError {
        ProviderError::new(self.provider, fault)
    }

    /// A nonce of 128 random bits in hexadecimal digits.
    pub(crate) fn nonce(&self) -> String {
        let mut bytes = [0; 16];
        self.context.rng.fill(&mut bytes);
        hex::encode(bytes)
    }

    /// Sends what `sending` makes and has `read` judge the reply, until it is judged or may not be asked again.
    pub(crate) fn ask<T>(
        &self,
        repeat: Repeat,
        sending: impl Fn() -> Result<Sending, Fault>,
        read: impl Fn(&Reply) -> Result<T, Fault>,
    ) -> Result<(T, Reply), ProviderError> {
        let limits = &self.context.limits;
        let mut tried = 0u32;
        loop {
            let made = sending().map_err(|fault| self.error(fault))?;
            let origin = online::Caller::origin(&made.url);
            if let Some(until) = self.circuits.resting(&origin, self.now()) {
                return Err(self.error(Fault::Resting { until }));
            }
            tried = tried.saturating_add(1);
            let fault = match self.send(&made).and_then(|reply| Ok((read(&reply)?, reply))) {
                Ok(done) => {
                    self.circuits.helped(&origin);
                    return Ok(done);
                }
                Err(fault) => fault,
            };
            let again = match repeat {
                Repeat::Freely => fault.may_pass(),
                Repeat::WhenNotDone => fault.was_not_done(),
            };
            if again && tried < limits.tries && fault.wait() <= limits.longest_pause {
                let time = pause(limits.pause, limits.longest_pause, tried, self.chance()).max(fault.wait());
                std::thread::sleep(time);
                continue;
            }
            self.note(&origin, &fault);
            return Err(self.error(fault));
        }
    }

    fn send(&self, made: &Sending) -> Result<Reply, Fault> {
        let limits = &self.context.limits;
        let headers: Vec<(&str, &str)> = made.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let call = Call {
            url: &made.url,
            body: &made.body,
            headers: &headers,
            limit: limits.bytes,
            time: limits.answer,
        };
        Ok(self.context.caller.call(&call)?)
    }

    /// What may pass counts against the provider; an answer that was judged, however badly, shows that it is there. One that
    /// refuses us shows neither: it says nothing of how the provider does its work.
    fn note(&self, origin: &str, fault: &Fault) {
        if fault.refuses_us() {
            return;
        }
        if !fault.may_pass() {
            self.circuits.helped(origin);
            return;
        }
        let limits = &self.context.limits;
        let failures = self.circuits.failures(origin).saturating_add(1);
        let beyond = failures.saturating_sub(limits.failures.saturating_sub(1));
        let rest = match beyond {
            0 => Duration::ZERO,
            beyond => pause(limits.rest, limits.longest_rest, beyond, self.chance()),
        };
        self.circuits.failed(origin, self.now(), rest.max(fault.wait().min(limits.longest_rest)));
    }

    fn chance(&self) -> u8 {
        let mut chance = [0];
        self.context.rng.fill(&mut chance);
        let [chance] = chance;
        chance
    }
}

/// What was seen lately: orders and what they gave, numbers that come once. The oldest is forgotten first.
#[derive(Debug)]
pub(crate) struct Seen<V>(Mutex<Memory<V>>);

#[derive(Debug)]
struct Memory<V> {
    known: HashMap<String, V>,
    order: VecDeque<String>,
}

impl<V: Clone> Seen<V> {
    const MOST: usize = 4096;

    pub(crate) fn new() -> Self {
        Self(Mutex::new(Memory { known: HashMap::new(), order: VecDeque::new() }))
    }

    pub(crate) fn find(&self, key: &str) -> Option<V> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).known.get(key).cloned()
    }

    /// Remembers `value`, unless something else is remembered: then that is given back.
    pub(crate) fn remember(&self, key: &str, value: V) -> Option<V> {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = memory.known.get(key) {
            return Some(before.clone());
        }
        if memory.order.len() >= Self::MOST
            && let Some(oldest) = memory.order.pop_front()
        {
            memory.known.remove(&oldest);
        }
        memory.known.insert(key.to_owned(), value);
        memory.order.push_back(key.to_owned());
        None
    }
}

/// An order number as providers take them: at most 32 letters and digits. What fits stays; what does not is hashed, so
/// that the same order has the same number.
pub(crate) fn order_number(order: &str) -> String {
    let fits = (1..=32).contains(&order.len()) && order.bytes().all(|b| b.is_ascii_alphanumeric());
    if fits {
        return order.to_owned();
    }
    let digest = pki::sha256(order.as_bytes());
    hex::encode(digest.first_chunk::<16>().unwrap_or(&[0; 16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_numbers_fit_and_stay_the_same() {
        assert_eq!(order_number("ZGYD2018"), "ZGYD2018");
        let long = order_number("ver_0193a1b2c3d4e5f60718293a4b5c6d7e");
        assert_eq!((long.len(), order_number("ver_0193a1b2c3d4e5f60718293a4b5c6d7e")), (32, long.clone()));
        assert!(long.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert_ne!(order_number("a_b"), order_number("ab"));
    }

    #[test]
    fn what_was_seen_is_known_until_it_is_the_oldest_of_too_many() {
        let seen = Seen::new();
        assert_eq!(seen.remember("a", 1), None);
        assert_eq!(seen.remember("a", 2), Some(1));
        for n in 0..Seen::<i32>::MOST {
            seen.remember(&format!("n{n}"), 0);
        }
        assert_eq!((seen.find("a"), seen.find("n0")), (None, Some(0)));
    }
}
