//! HTTP: the API, the authority's protocol endpoints, the web application.
