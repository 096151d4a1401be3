//! The command and the shape of the workspace, from outside.

mod architecture;
mod command;
mod refusals;
mod sign;
mod support;
