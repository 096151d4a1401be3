//! The sandbox's register and bank: whom a newcomer can play (test trust only).

pub(crate) mod bank;
pub(crate) mod register;
