//! Asynchronous notices: a form, signed over its sorted fields but `sign` and `sign_type`.

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde_json::Value;

use super::Inner;
use super::gateway::sign_content;
use crate::error::Fault;
use crate::json::{parse, text};
use crate::notice::{Notice, NoticeReply, Received, fields};

/// Notices are repeated for a day and an hour until they are answered.
const OLDEST: SignedDuration = SignedDuration::from_hours(26);
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

impl Inner {
    /// Believes a notice of Alipay, for this application, of these days. Who replays one causes a poll, and no more.
    pub(super) fn notice(&self, received: &Received) -> Result<Notice, Fault> {
        let form = std::str::from_utf8(&received.body).map_err(|_| Fault::Malformed("it is not UTF-8"))?;
        let fields = fields(form);
        let field = |name: &str| fields.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let signature = field("sign").ok_or(Fault::Signature("there is none"))?;
        if field("sign_type") != Some("RSA2") {
            return Err(Fault::Signature("it is not RSA2"));
        }
        self.keys.verify(sign_content(&fields, &["sign", "sign_type"]).as_bytes(), signature)?;
        if field("app_id") != Some(&self.config.app_id) {
            return Err(Fault::Replayed("it is for another application"));
        }
        let sent = field("notify_time").and_then(|time| DateTime::strptime("%Y-%m-%d %H:%M:%S", time).ok());
        let sent = sent.and_then(|time| Offset::constant(8).to_timestamp(time).ok());
        let age = self.asking.now().duration_since(sent.ok_or(Fault::Malformed("it has no time"))?);
        if age > OLDEST || age < -AHEAD {
            return Err(Fault::Replayed("it is of another day"));
        }
        let business =
            field("biz_content").and_then(|json| parse(json.as_bytes()).ok()).unwrap_or(Value::Null);
        let named = |name: &str| field(name).map(str::to_owned).or_else(|| text(&business, name));
        Ok(Notice {
            transaction: named("certify_id"),
            order_number: named("outer_order_no"),
            reply: NoticeReply { status: 200, body: "success" },
        })
    }
}
