//! The sandbox's register, camera and bank: whom a newcomer can play (test trust only).

pub(crate) mod bank;
pub(crate) mod play_face;
pub(crate) mod register;
pub(crate) mod return_transfer;
pub(crate) mod show_face;
