"""What every platform family shares: errors, XML, message encryption, RSA, HTTP and access tokens."""
