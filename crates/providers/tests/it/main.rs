//! The adapters against stand-ins that check every signature and play every outcome.

mod alipay;
mod aliyun;
mod breaker;
mod hostile;
mod tencent;
mod world;
