//! The server from outside: requests in, responses out, a real service and a real database behind them.

mod support;

mod account;
mod account_review;
mod certificates;
mod companies;
mod contract;
mod directory;
mod envelope;
mod guards;
mod identity;
mod letters;
mod pages;
mod protocol;
mod races;
mod review;
mod upload;
mod will;
