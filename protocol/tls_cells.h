/* Where the largest piece of a TLS connection lies: OpenSSL's SSL. It has 7.6
 * KB, four fifths of them zeros (the records of pipelines that nobody here
 * uses), and no function makes it smaller. Each has a cell of its own, whole
 * pages of a range that was set aside. While the connection rests, the words
 * that are not zero are kept elsewhere, some 1.6 KB, and the pages are given
 * back; before OpenSSL is called for it again it is as it was, at its place.
 *
 * That needs nothing but this of OpenSSL: the SSL is one piece, and only a call
 * that is about a connection looks at its SSL. What is in it is not looked at.
 *
 * Cells are taken and freed on one thread. Nobody but tls.c includes this, and
 * its test. */
#ifndef MINICHAT_TLS_CELLS_H
#define MINICHAT_TLS_CELLS_H

/* The next piece that OpenSSL asks for on this thread, and that may be an SSL
 * by its size, gets a cell, if one is free; until cells_expect_no_more. */
void cells_expect(void);
void cells_expect_no_more(void);
/* Puts away what is in a cell. Of what lies elsewhere: does nothing. */
void cells_rest(void *piece);
/* To be called before it is looked at. */
void cells_wake(void *piece);

#endif
