"""The login providers: Ansattporten's shape and Entra's shape, strict, with a picker of made-up employees.

Built from Digdir's pages about Ansattporten (RAR types, client authentication, logout), OpenID Connect Core,
RP-Initiated and Front-Channel Logout, RFC 7636, 9126, 9207 and 9396. Where they leave room, the provider
refuses: what is accepted here should be accepted there.
"""
