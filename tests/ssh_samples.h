/* ssh keys that nobody has the private halves of any more, and what
 * ssh-keygen -l says of them. */
#ifndef MINICHAT_TESTS_SSH_SAMPLES_H
#define MINICHAT_TESTS_SSH_SAMPLES_H

#define SSH_ADA_BLOB                                                           \
    "AAAAC3NzaC1lZDI1NTE5AAAAIDg7itqfIBKCqXq4EBSnrP/wlQRffLMUZGbY+ndWumTN"
#define SSH_ADA "ssh-ed25519 " SSH_ADA_BLOB
#define SSH_ADA_FINGERPRINT "SHA256:nZASCgeelj0QGf/9m2N6dDaPWZGi8rjf5w/W8r/LRIE"
#define SSH_RSA                                                                \
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQChoa3V7x2SNcsx5T5Rr97Y1RQwF5vO"     \
    "gOLBrQ3xpLU/7z/mzOcPG+i08LuEXyHJnbL6m6W1b6FtkmW4sceXQBP7COjLCj71XpZH"     \
    "6DiWSwsrurocCaQnJcVDh46QglhbvBF4ZGBBdoW7LohuzKx7H+yYYZvskMa8eB1bF+rt"     \
    "0EPnbW0kldDj8ZOCdgh49tWccvEVIwGY2cuUF5D/A5+XviLaFy90r7HZY1Qzv37CdVwO"     \
    "gTIm5hc9g8WRZRFcnmBwPhRTH+NdfwicPYgNBZ2yK5ehR0tB0S1MozKNtyXGTEUHBunO"     \
    "vtMIrV3HVfM0BaFZumnQXaExIupV8qTTAInwrsJXmGLZB7UJSkW/oEfBh0tgQ8yVPTLe"     \
    "djar8uWHJFf7KLOZkYO+Jp6pHVur4zO+RzuA6EwRITQcHyUiPzXsL7hbW64VA1SV5E2w"     \
    "/QyD9IIGm8mozkA9Cg9lvl42keVZiD11lQVvy5LoCq5gLLw6u6wkcUwRxIpvl8H2KHyv"     \
    "HFTLym0="
#define SSH_RSA_FINGERPRINT "SHA256:HgtzZAnRhMMhxG4PCxNvKc0nYyvrs4+iPdgjOyHPab4"
#define SSH_RSA_1024                                                           \
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCfeoJEpE0lVKjUU3NHbcrnPUDtbf2Z"     \
    "eSwUznnGR7I3O3DT3TjyPmruM6POCdO/DYO+cqSmWldC8pLe264ipmfNZX5y0eLOElDp"     \
    "ziRe0smphtkJ8JZjXLXehOJz3PAfYgFY9JrRlFb7loa5Gw8SoxP3nTuoUoJY8Q1FFWzK"     \
    "2o3pRQ=="
#define SSH_ECDSA                                                              \
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYA"     \
    "AABBBOBbmY9OpUbT+bKPPbUwzF2bWLegAo70UxXkXcqNTeGGKwFyI4oNmc8WleMuo79y"     \
    "Uhv9luz+9chCyioWDCCWw/s="
#define SSH_ECDSA_FINGERPRINT                                                  \
    "SHA256:O4B+6XApV6HAuABCiwvWrJ6pkpwPMCQ+Lbjr+b08pcI"
#define SSH_SK                                                                 \
    "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tA"     \
    "AAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fAAAABHNzaDo="

#endif
