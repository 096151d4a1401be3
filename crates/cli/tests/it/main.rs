//! The command and the shape of the workspace, from outside.

mod architecture;
mod authorities;
mod ca;
mod command;
mod keys;
mod memory;
mod production;
mod refusals;
mod settings;
mod sign;
mod support;
mod verify;
